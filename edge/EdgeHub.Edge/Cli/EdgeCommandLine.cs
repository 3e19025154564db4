using System.CommandLine;
using EdgeHub.Edge.Composition;
using EdgeHub.Edge.Finding;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Cli;

/// <summary>The verbs of <c>edgehub</c>: <c>run</c> (also without a verb), <c>check</c>, <c>status</c>, <c>drivers</c>, <c>test</c>, <c>scan</c>, <c>sniff</c>, <c>doctor</c>, <c>raw</c>, <c>output</c>, <c>export</c>, <c>import-receipt</c>, <c>mirror</c>, <c>books</c>, and <c>--version</c>.</summary>
sealed class EdgeCommandLine(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextWriter output, TextWriter errors)
{
    readonly Option<string?> config = new("--config")
    {
        Description = $"The configuration file; else ${ConfigurationFile.Edge.Variable}, else {ConfigurationFile.Edge.InstalledPath}, else the defaults.",
        HelpName = "FILE",
        Recursive = true,
    };

    readonly Option<bool> json = new("--json") { Description = "Print the daemon's whole answer as JSON." };

    public async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await errors.WriteLineAsync(error.Message);
            await errors.WriteLineAsync("See: edgehub --help");
            return ExitCode.BadConfiguration;
        }

        // The host below answers SIGTERM itself and takes the time that it needs.
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null });
    }

    RootCommand Root()
    {
        var run = new Command("run", "Read the sensors, record, and forward to the city until SIGTERM.");
        run.SetAction(Run);
        var check = new Command("check", "Read the configuration and name everything that is wrong with it; change nothing.");
        check.SetAction(Check);
        var status = new Command("status", "Ask the running daemon how it is. Exit code: 0 ok, 1 degraded, 2 not running or not reachable.");
        status.Options.Add(json);
        status.SetAction((result, cancellationToken) => new StatusVerb(environment, output, errors).RunAsync(result.GetValue(config), result.GetValue(json), cancellationToken));
        var finding = new FindingVerbs(environment, time, output, errors);
        var bundles = new BundleVerbs(environment, time, output, errors);
        var root = new RootCommand("EdgeHub reads this box's sensors, keeps what it read, and forwards it to the city.")
        {
            run,
            check,
            status,
            finding.Drivers(),
            finding.Test(config),
            new ScanVerb(time, output, errors).Create(),
            new SniffVerb(time, output, errors).Create(),
            new DoctorVerb(environment, time, output, errors).Create(config),
            new RawVerb(environment, time, output, errors).Create(config),
            new OutputVerb(environment, output, errors).Create(config),
            bundles.Export(config),
            bundles.ImportReceipt(config),
            new MirrorVerb(environment, output, errors).Command(config),
            new BooksVerb(environment, time, output, errors).Command(config),
        };
        root.Options.Add(config);
        root.SetAction(Run);
        return root;
    }

    async Task<int> Run(ParseResult result, CancellationToken cancellationToken)
    {
        var document = ConfigurationFile.Edge.Load(result.GetValue(config), environment);
        var options = EdgeOptions.Read(document, environment);
        if (document.Errors.Count == 0)
            return await EdgeDaemon.RunAsync(options, environment, time, errors, cancellationToken);
        SettingsText.WriteErrors(errors, document);
        return ExitCode.BadConfiguration;
    }

    int Check(ParseResult result)
    {
        var document = ConfigurationFile.Edge.Load(result.GetValue(config), environment);
        var options = EdgeOptions.Read(document, environment);
        if (document.Errors.Count > 0)
        {
            SettingsText.WriteErrors(errors, document);
            return ExitCode.BadConfiguration;
        }

        output.WriteLine($"{document.Source}: fine.");
        output.WriteLine(options.Summary);
        foreach (var warning in PortWarnings.Of(options.Sensors))
            output.WriteLine($"warning: {warning}");
        return ExitCode.Ok;
    }
}
