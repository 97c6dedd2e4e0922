function main() { return {} }
