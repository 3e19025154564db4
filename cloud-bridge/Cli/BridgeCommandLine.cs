using System.CommandLine;
using EdgeHub.CloudBridge.Api;
using EdgeHub.CloudBridge.Api.Catalogs;
using EdgeHub.CloudBridge.Composition;
using EdgeHub.Hosting;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.CloudBridge.Cli;

/// <summary>The verbs of <c>edgehub-bridge</c>: <c>run</c> (also without a verb), <c>check</c>, <c>replay-set-aside</c>, <c>refill</c>, <c>move</c>, <c>import</c>, <c>books</c>, <c>hash-password</c>, <c>key new</c>, <c>catalog export</c>, <c>acl</c>, <c>dead-letters</c>, and <c>--version</c>.</summary>
public sealed class BridgeCommandLine(IReadOnlyDictionary<string, string> environment, TimeProvider time, TextReader input, TextWriter output, TextWriter errors)
{
    readonly Option<string?> config = new("--config")
    {
        Description = $"The configuration file; else ${ConfigurationFile.Bridge.Variable}, else {ConfigurationFile.Bridge.InstalledPath}, else the defaults.",
        HelpName = "FILE",
        Recursive = true,
    };

    public async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await errors.WriteLineAsync(error.Message);
            await errors.WriteLineAsync("See: edgehub-bridge --help");
            return ExitCode.BadConfiguration;
        }

        // The host below answers SIGTERM itself and takes the time that it needs.
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null });
    }

    RootCommand Root()
    {
        var run = new Command("run", "Receive, store, ack and publish until SIGTERM.");
        run.SetAction((result, token) => WithAsync(result, (options, stop) => BridgeDaemon.RunAsync(options, environment, time, errors, stop), token));
        var check = new Command("check", "Read the configuration and name everything that is wrong with it; change nothing.");
        check.SetAction((result, token) => WithAsync(result, SayAsync, token));
        var replay = new Command("replay-set-aside", "Try the records that were set aside once more; what is accepted today becomes stored.");
        replay.SetAction((result, token) => WithAsync(result, (options, stop) => ReplayVerb.RunAsync(options, time, output, errors, stop), token));
        var gateway = new Option<string>("--gateway") { Description = "Whose readings.", HelpName = "ID", Required = true };
        var from = new Option<string>("--from") { Description = "The first time, such as 2026-11-23T00:00:00Z.", HelpName = "TIME", Required = true };
        var to = new Option<string>("--to") { Description = "The last time.", HelpName = "TIME", Required = true };
        var refill = new Command("refill", "Take a gateway's readings of a time range out of ledger and rows, so that the box sends them again.") { gateway, from, to };
        refill.SetAction((result, token) => WithAsync(result, (options, stop) => RefillVerb.RunAsync(options, result.GetValue(gateway)!, result.GetValue(from)!, result.GetValue(to)!, time, output, errors, stop), token));
        var target = new Option<string>("--to") { Description = "An Npgsql connection string of an empty database.", HelpName = "CONNECTION", Required = true };
        var move = new Command("move", "Move data, ledger and store id from the SQLite file to PostgreSQL; stop the bridge first.") { target };
        move.SetAction((result, token) => WithAsync(result, (options, stop) => MoveVerb.RunAsync(options, result.GetValue(target)!, time, output, errors, stop), token));
        var bundle = new Argument<string>("DIR") { Description = "The directory that edgehub export wrote." };
        var receipt = new Option<string?>("--receipt") { Description = "Write the receipt there instead of into DIR, for a medium that cannot be written.", HelpName = "FILE" };
        var import = new Command("import", "Store a bundle that was carried here, and write its receipt; works beside the daemon.") { bundle, receipt };
        import.SetAction((result, token) => WithAsync(result, (options, stop) => ImportVerb.RunAsync(options, result.GetValue(bundle)!, result.GetValue(receipt), time, output, errors, stop), token));
        var whose = new Option<string?>("--gateway") { Description = "Only this gateway's.", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "One JSON array instead of tables." };
        var books = new Command("books", "Count every row anew and compare it with what the boxes recorded, stream by stream; works beside the daemon. Exit code: 0 it balances, 1 it does not.") { whose, json };
        books.SetAction((result, token) => WithAsync(result, (options, stop) => BooksVerb.RunAsync(options, result.GetValue(whose), result.GetValue(json), time, output, errors, stop), token));
        var hash = new Command("hash-password", "Read a password from standard input and print what broker.users takes as passwordHash.");
        hash.SetAction((_, token) => HashAsync(token));
        var name = new Option<string>("--name") { Description = "Whose key it is; logs and limits go by it.", HelpName = "NAME", Required = true };
        var role = new Option<ApiRole>("--role") { Description = "reader: readings, streams, catalog, gaps, live feed. operator: also the boxes' health, books and events, and the fleet page." };
        var area = new Option<string>("--area") { Description = "All that the key may see: county, county/street or county/street/community. Default: the whole city.", HelpName = "AREA", DefaultValueFactory = _ => "" };
        var newKey = new Command("new", "Make a key for the query API; prints it once, with the line for the configuration.") { name, role, area };
        newKey.SetAction((result, token) => KeyVerb.NewAsync(result.GetValue(name)!, result.GetValue(role), result.GetValue(area)!, output, errors, token));
        var key = new Command("key", "Keys of the query API.") { newKey };
        var letter = new Option<long?>("--key") { Description = "Only this letter.", HelpName = "KEY" };
        var list = new Command("list", "What came and was none of ours: key, time, topic, size, first bytes, reason.");
        list.SetAction((result, token) => WithAsync(result, (options, stop) => DeadLettersVerb.ListAsync(options, time, output, errors, stop), token));
        var again = new Command("replay", "Read them once more; what is a box's envelope today is stored and goes from the list.") { letter };
        again.SetAction((result, token) => WithAsync(result, (options, stop) => DeadLettersVerb.ReplayAsync(options, result.GetValue(letter), time, output, errors, stop), token));
        var letters = new Command("dead-letters", "Payloads that were none of ours; works beside the daemon.") { list, again };
        var broker = new Option<string>("--broker") { Description = "mosquitto or rabbitmq.", HelpName = "KIND", Required = true };
        broker.AcceptOnlyFromAmong("mosquitto", "rabbitmq");
        var bridge = new Option<string>("--bridge-user") { Description = "As whom the bridge logs in.", HelpName = "NAME", DefaultValueFactory = _ => "edgehub-bridge" };
        var platform = new Option<string>("--platform-user") { Description = "As whom the platform's programs log in.", HelpName = "NAME", DefaultValueFactory = _ => "platform" };
        var acl = new Command("acl", "Print an external broker's access rules: each box below its own id, acks by the bridge alone.") { broker, bridge, platform };
        acl.SetAction((result, token) => WithAsync(result, (options, stop) => AclAsync(options, result.GetValue(broker)!, result.GetValue(bridge)!, result.GetValue(platform)!, stop), token));
        var format = new Option<CatalogFormat>("--format") { Description = "ha: Home Assistant MQTT discovery. wot: W3C Thing Descriptions. sensorthings: OGC SensorThings entities.", Required = true };
        var part = new Option<string>("--area") { Description = "Only this area. Default: the whole city.", HelpName = "AREA", DefaultValueFactory = _ => "" };
        var reached = new Option<Uri?>("--api") { Description = "Where the query API is reached, for the forms of Thing Descriptions. Default: its configured address.", HelpName = "URL", CustomParser = CatalogVerb.Address };
        var export = new Command("export", "Print the catalog of all streams in the words of another system; works beside the daemon.") { format, part, reached };
        export.SetAction((result, token) => WithAsync(result, (options, stop) => CatalogVerb.ExportAsync(options, result.GetValue(format), result.GetValue(part)!, result.GetValue(reached), time, output, errors, stop), token));
        var catalog = new Command("catalog", "What the city measures.") { export };
        var root = new RootCommand("EdgeHub's city side: stores what the boxes send, acks it, and publishes clean JSON.") { run, check, replay, refill, move, import, books, hash, key, catalog, letters, acl };
        root.Options.Add(config);
        root.SetAction((result, token) => WithAsync(result, (options, stop) => BridgeDaemon.RunAsync(options, environment, time, errors, stop), token));
        return root;
    }

    async Task<int> WithAsync(ParseResult result, Func<BridgeOptions, CancellationToken, Task<int>> then, CancellationToken cancellationToken)
    {
        var document = ConfigurationFile.Bridge.Load(result.GetValue(config), environment);
        var options = BridgeOptions.Read(document, environment);
        if (document.Errors.Count == 0)
            return await then(options, cancellationToken);
        SettingsText.WriteErrors(errors, document);
        return ExitCode.BadConfiguration;
    }

    async Task<int> SayAsync(BridgeOptions options, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync("The configuration is fine.".AsMemory(), cancellationToken);
        await output.WriteLineAsync(options.Summary.AsMemory(), cancellationToken);
        return ExitCode.Ok;
    }

    async Task<int> AclAsync(BridgeOptions options, string broker, string bridge, string platform, CancellationToken cancellationToken)
    {
        var rules = broker == "mosquitto" ? Intake.AccessRules.Mosquitto(options.Prefix, options.Publish.Prefix, bridge, platform) : Intake.AccessRules.RabbitMq(options.Prefix, options.Publish.Prefix, bridge, platform);
        await output.WriteAsync(rules.AsMemory(), cancellationToken);
        return ExitCode.Ok;
    }

    async Task<int> HashAsync(CancellationToken cancellationToken)
    {
        var password = await input.ReadLineAsync(cancellationToken);
        if (string.IsNullOrEmpty(password))
        {
            await errors.WriteLineAsync("Write the password on standard input.".AsMemory(), cancellationToken);
            return ExitCode.BadConfiguration;
        }

        await output.WriteLineAsync(Intake.PasswordHash.Of(password).AsMemory(), cancellationToken);
        return ExitCode.Ok;
    }
}
