# Runs one Ruby action over ActionLoop: ruby launcher.rb <folder> <main>
# All is in one module: the functions of the action are global, and must find their names free.
require 'json'

module LauncherOfAction
  OUT = IO.new(3, 'wb')

  def self.say(text)
    # Logs first: whoever reads the answer takes what is in the log's pipes for all of it.
    $stdout.flush
    $stderr.flush
    OUT.write(text, "\n")
    OUT.flush
  end

  def self.load_action(folder, main)
    file = File.join(folder, 'main.rb')
    raise LoadError, 'the zip has no main.rb at its root' unless File.exist?(file)

    $LOAD_PATH.unshift(folder, *Dir.glob(File.join(folder, 'vendor/bundle/ruby/*/gems/*/lib')))
    require file
    Object.instance_method(:method).bind_call(TOPLEVEL_BINDING.receiver, main)
  end

  def self.run(action, request)
    value = request.delete('value')
    request.each { |key, text| ENV["__OW_#{key.upcase}"] = text }
    begin
      result = action.call(value)
    rescue Exception => e # so exit is told, too, as on OpenWhisk
      warn e.full_message(highlight: false)
      result = { 'error' => e.to_s }
    end
    JSON.generate(result)
  end

  def self.serve(folder, main)
    begin
      action = load_action(folder, main)
    rescue StandardError, ScriptError => e
      warn e.full_message(highlight: false)
      return say('!' + JSON.generate("#{e.class}: #{e.message}"))
    end
    say('{"ok":true}')
    while (line = $stdin.gets)
      say(run(action, JSON.parse(line)))
    end
  end
end

LauncherOfAction.serve(*ARGV)
