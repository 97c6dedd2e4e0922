def main(params):
    return {"greeting": "hello " + params.get("name", "you")}
