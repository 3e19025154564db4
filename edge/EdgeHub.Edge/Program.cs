using EdgeHub.Edge.Cli;
using EdgeHub.Hosting.Settings;

return await new EdgeCommandLine(ConfigurationFile.ProcessEnvironment(), TimeProvider.System, Console.Out, Console.Error).RunAsync(args);
