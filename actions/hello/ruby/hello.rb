def main(args)
  start = (Time.now.to_f * 1000).to_i
  { "greeting" => "Hello, #{args["name"] || "stranger"}!", "start" => start }
end
