using System.Collections;
using System.CommandLine;
using EdgeHub.CloudBridge.Store;
using EdgeHub.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.CloudBridge;

/// <summary>The verbs of <c>edgehub-bridge</c>. Exit codes: 0 done, 1 failed, 2 configuration, 3 the store is newer than this program.</summary>
static class BridgeCommands
{
    const int Failed = 1, BadConfiguration = 2, NewerStore = 3;
    const int ReplayRecordsMax = 256;
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    public static Task<int> RunAsync(string[] args)
    {
        var config = new Option<string?>("--config") { Description = "The configuration file; without it the defaults run.", Recursive = true };
        var run = new Command("run", "Receive, store, ack and publish (the default).");
        var check = new Command("check", "Check the configuration and name everything that is wrong.");
        var replay = new Command("replay-set-aside", "Try the records that were set aside once more.");
        var root = new RootCommand("EdgeHub's city side: stores what the boxes send, acks it, and publishes clean JSON.") { run, check, replay };
        root.Options.Add(config);
        root.SetAction((parsed, token) => WithOptionsAsync(parsed.GetValue(config), HostAsync, token));
        run.SetAction((parsed, token) => WithOptionsAsync(parsed.GetValue(config), HostAsync, token));
        check.SetAction((parsed, token) => WithOptionsAsync(parsed.GetValue(config), static (_, _) => Say("The configuration is fine."), token));
        replay.SetAction((parsed, token) => WithOptionsAsync(parsed.GetValue(config), ReplayAsync, token));
        return root.Parse(args).InvokeAsync();
    }

    static async Task<int> WithOptionsAsync(string? path, Func<BridgeOptions, CancellationToken, Task<int>> then, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
        var document = path is null
            ? SettingsDocument.FromText("{}", "defaults", BridgeOptions.EnvironmentPrefix, environment)
            : SettingsDocument.Load(path, BridgeOptions.EnvironmentPrefix, environment);
        var options = BridgeOptions.Read(document);
        foreach (var error in document.Errors)
            await Console.Error.WriteLineAsync(error.ToString());
        if (document.Errors.Count > 0)
            return BadConfiguration;
        try
        {
            return await then(options, cancellationToken);
        }
        catch (StoreRefusedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return e.IsNewerSchema ? NewerStore : Failed;
        }
    }

    static async Task<int> HostAsync(BridgeOptions options, CancellationToken cancellationToken)
    {
        await using var store = await BridgeServices.OpenStoreAsync(options, cancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddConsole();
        builder.Services.AddSystemd();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddBridge(options, store);
        using var host = builder.Build();
        await host.RunAsync(cancellationToken);
        return 0;
    }

    static async Task<int> ReplayAsync(BridgeOptions options, CancellationToken cancellationToken)
    {
        await using var store = await BridgeServices.OpenStoreAsync(options, cancellationToken);
        using var logs = LoggerFactory.Create(logging => logging.AddConsole());
        var committer = new Committer(store, TimeProvider.System, logs.CreateLogger<Committer>());
        var (tried, stored) = await SetAsideReplay.RunAsync(committer, ReplayRecordsMax, cancellationToken);
        return await Say($"Tried {tried} records; {stored} are stored now, {tried - stored} stay set aside.");
    }

    static async Task<int> Say(string text)
    {
        await Console.Out.WriteLineAsync(text);
        return 0;
    }
}
