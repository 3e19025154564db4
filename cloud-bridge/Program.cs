using EdgeHub.CloudBridge.Cli;
using EdgeHub.Hosting.Settings;

return await new BridgeCommandLine(ConfigurationFile.ProcessEnvironment(), TimeProvider.System, Console.In, Console.Out, Console.Error).RunAsync(args);
