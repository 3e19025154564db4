using EdgeHub.CloudBridge.Intake;
using EdgeHub.CloudBridge.Store.Sqlite;
using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Tls;
using EdgeHub.Tests.DeviceSims;
using EdgeHub.Tests.Servers;
using EdgeHub.Tests.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

/// <summary>Both brokers of the bridge with TLS and users, against the real client of a box and a real mosquitto.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    const int TimeoutMs = 60_000;
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    readonly ScratchDirectory scratch = new();
    readonly TestAuthority authority = new();

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        authority.Dispose();
        scratch.Dispose();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task The_embedded_broker_speaks_TLS_and_lets_in_only_its_users()
    {
        var (certificate, key) = authority.Issue("127.0.0.1");
        await using var store = await SqliteStore.OpenAsync(scratch.File("city.db"), Stop);
        var port = Mosquitto.FreePort();
        var options = new BrokerOptions
        {
            Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port),
            Tls = new TlsFiles(null, certificate, key),
            Users = [new BrokerUser("box", "gw-1", PasswordHash.Of("right"), null)],
        };
        await using var broker = new EmbeddedBroker(options, new Topics(), new RetainedKeeper(store), NullLogger<EmbeddedBroker>.Instance);
        var topics = new System.Collections.Concurrent.ConcurrentQueue<string>();
        broker.Arrived = arrival =>
        {
            topics.Enqueue(arrival.Topic);
            return Task.CompletedTask;
        };
        await broker.StartAsync(Stop);

        await using var box = new UplinkRig(port, change: Client("right"));
        box.Spools.Record(1, SpoolClass.Urgent, 1);
        await box.StartAsync(Stop);
        await box.UntilAsync(() => topics.Contains("edgehub/v1/gw-1/records"), "the records", Stop);
        await using var thief = new UplinkRig(port, change: Client("wrong"));
        await thief.StartAsync(Stop);
        await thief.UntilAsync(UplinkCondition.LoginRefused, Stop);
        // The right user with another box's id may not even hear its acks.
        await using var stranger = new UplinkRig(port, "gw-2", Client("right"));
        await stranger.StartAsync(Stop);
        await stranger.UntilAsync(UplinkCondition.AckTopicDenied, Stop);
        await using var plain = new UplinkRig(port);
        await plain.StartAsync(Stop);
        await plain.UntilAsync(() => plain.Condition is not (UplinkCondition.Starting or UplinkCondition.Delivering), "the refusal", Stop);
        await broker.StopAsync(Stop);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData("good", "")]
    [InlineData("expired", "expired on")]
    [InlineData("stranger", "not trusted here")]
    [InlineData("other-name", "is for city.example")]
    public async Task Towards_a_broker_with_TLS_a_wrong_certificate_is_named_in_state_and_log(string shown, string sentence)
    {
        using var stranger = new TestAuthority("Somebody else");
        var (certificate, key) = shown switch
        {
            "good" => authority.Issue("127.0.0.1"),
            "expired" => authority.Issue("127.0.0.1", TimeSpan.FromDays(-30), TimeSpan.FromDays(-1)),
            "stranger" => stranger.Issue("127.0.0.1"),
            _ => authority.Issue("city.example"),
        };
        await using var mosquitto = await Mosquitto.StartAsync(_ => ["allow_anonymous true", $"cafile {authority.CaFile}", $"certfile {certificate}", $"keyfile {key}"], Stop);
        var log = new HeardLog<ExternalBroker>();
        var options = new BrokerOptions { Kind = BrokerKind.External, Endpoint = new BrokerEndpoint("127.0.0.1", mosquitto.Port, true, null, null, new TlsFiles(authority.CaFile, null, null), null) };
        await using var broker = new ExternalBroker(options, new Topics(), "0123456789abcdef", new Watchdog(TimeProvider.System), TimeProvider.System, log);
        await broker.StartAsync(Stop);
        var begun = TimeProvider.System.GetTimestamp();
        while (shown == "good" ? !broker.IsConnected : !broker.State.Contains(sentence, StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < WaitMax, broker.State);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }

        // The page /readyz shows the state as it is.
        Assert.Equal(shown == "good", broker.IsConnected);
        if (shown != "good")
            Assert.Contains(log.Lines, line => line.Contains(sentence, StringComparison.Ordinal));
        await broker.StopAsync(Stop);
    }

    Func<UplinkOptions, UplinkOptions> Client(string password) => options =>
        UplinkRig.Login("box", password)(UplinkRig.With(broker => broker with { UseTls = true, Tls = new TlsFiles(authority.CaFile, null, null) })(options));
}
