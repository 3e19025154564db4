using EdgeHub.Edge.Uplink;
using EdgeHub.Hosting.Tls;
using EdgeHub.Tests.Servers;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class ConnectionTests
{
    const int TimeoutMs = 60_000;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadCertificates => new()
    {
        { "expired", "expired on" },
        { "future", "is valid from" },
        { "stranger", "not trusted here" },
        { "other-name", "is for city.example" },
    };

    [Fact(Timeout = TimeoutMs)]
    public async Task A_broker_of_the_city_is_trusted_and_its_box_too()
    {
        using var authority = new TestAuthority();
        await using var broker = await Mosquitto.StartAsync(_ => ["allow_anonymous true", "require_certificate true", .. Tls(authority, authority.Issue("127.0.0.1"))], Stop);
        var (certificate, key) = authority.Issue("gw-1");
        await using var rig = new UplinkRig(broker.Port, change: Trust(authority.CaFile, certificate, key));
        await rig.StartAsync(Stop);
        await rig.UntilAsync(UplinkCondition.Delivering, Stop);
    }

    [Theory(Timeout = TimeoutMs)]
    [MemberData(nameof(BadCertificates))]
    public async Task A_server_certificate_that_is_wrong_is_refused_by_its_name_and_nothing_is_lost(string wrong, string sentence)
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Somebody else");
        var shown = wrong switch
        {
            "expired" => authority.Issue("127.0.0.1", TimeSpan.FromDays(-30), TimeSpan.FromDays(-1)),
            "future" => authority.Issue("127.0.0.1", TimeSpan.FromDays(1), TimeSpan.FromDays(30)),
            "stranger" => stranger.Issue("127.0.0.1"),
            _ => authority.Issue("city.example"),
        };
        await using var broker = await Mosquitto.StartAsync(_ => ["allow_anonymous true", .. Tls(authority, shown)], Stop);
        await using var rig = new UplinkRig(broker.Port, change: Trust(authority.CaFile));
        rig.Spools.Record(1, SpoolClass.Urgent, 3);
        await rig.StartAsync(Stop);
        await rig.UntilAsync(UplinkCondition.Tls, Stop);
        Assert.Contains(sentence, rig.Forwarder.State.Sentence, StringComparison.Ordinal);
        Assert.NotEmpty(rig.Forwarder.State.Fix);
        Assert.Equal(3UL, rig.Spools.Waiting);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(null, "demands a client certificate")]
    [InlineData(-1, "The own certificate gw-1 expired on")]
    [InlineData(1, "The own certificate gw-1 is valid from")]
    [InlineData(0, "does not accept the certificate gw-1")]
    public async Task A_client_certificate_that_is_wrong_or_missing_is_named_though_the_server_says_nothing(int? days, string sentence)
    {
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority("Somebody else");
        await using var broker = await Mosquitto.StartAsync(_ => ["allow_anonymous true", "require_certificate true", .. Tls(authority, authority.Issue("127.0.0.1"))], Stop);
        var own = days switch
        {
            null => (null, null),
            0 => stranger.Issue("gw-1"),
            < 0 => authority.Issue("gw-1", TimeSpan.FromDays(-30), TimeSpan.FromDays(-1)),
            _ => ((string?, string?))authority.Issue("gw-1", TimeSpan.FromDays(1), TimeSpan.FromDays(30)),
        };
        await using var rig = new UplinkRig(broker.Port, change: Trust(authority.CaFile, own.Item1, own.Item2));
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Forwarder.State.Sentence.Contains(sentence, StringComparison.Ordinal), sentence, Stop);
        Assert.Equal(UplinkCondition.Tls, rig.Condition);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task TLS_towards_a_plain_port_is_named()
    {
        using var authority = new TestAuthority();
        await using var broker = await Mosquitto.StartOpenAsync(Stop);
        await using var rig = new UplinkRig(broker.Port, change: Trust(authority.CaFile));
        await rig.StartAsync(Stop);
        await rig.UntilAsync(() => rig.Forwarder.State.Sentence.Contains("does not complete a TLS handshake", StringComparison.Ordinal), "no TLS", Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_refused_login_is_named_and_comes_right_when_the_password_does()
    {
        await using var broker = await Mosquitto.StartAsync(directory => Mosquitto.Users(directory, ("box", "right")), Stop);
        await using var rig = new UplinkRig(broker.Port, change: UplinkRig.Login("box", "wrong"));
        await rig.StartAsync(Stop);
        await rig.UntilAsync(UplinkCondition.LoginRefused, Stop);
        Assert.DoesNotContain("wrong", rig.Forwarder.State.ToString(), StringComparison.Ordinal);
        await using var good = new UplinkRig(broker.Port, "gw-2", UplinkRig.Login("box", "right"));
        await good.StartAsync(Stop);
        await good.UntilAsync(UplinkCondition.Delivering, Stop);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task A_port_without_a_listener_and_a_name_without_an_address_are_named()
    {
        await using var nobody = new UplinkRig(Mosquitto.FreePort());
        await nobody.StartAsync(Stop);
        await nobody.UntilAsync(UplinkCondition.ConnectionRefused, Stop);
        await using var nowhere = new UplinkRig(1883, change: UplinkRig.With(broker => broker with { Host = "no-such-host.invalid" }));
        await nowhere.StartAsync(Stop);
        await nowhere.UntilAsync(UplinkCondition.HostUnknown, Stop);
    }

    [Fact]
    public void A_box_without_an_id_takes_one_from_the_machine_and_does_not_give_the_machine_s_away()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "0123456789abcdef0123456789abcdef\n");
            var id = GatewayIdentity.Default(file);
            Assert.Matches("^gw-[0-9a-f]{12}$", id);
            Assert.Equal(id, GatewayIdentity.Default(file));
            Assert.DoesNotContain("0123456789ab", id, StringComparison.Ordinal);
            Assert.Null(GatewayIdentity.Default(file + ".missing"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    static string[] Tls(TestAuthority authority, (string CertificateFile, string KeyFile) shown) =>
        [$"cafile {authority.CaFile}", $"certfile {shown.CertificateFile}", $"keyfile {shown.KeyFile}"];

    static Func<UplinkOptions, UplinkOptions> Trust(string caFile, string? certificateFile = null, string? keyFile = null) =>
        UplinkRig.With(broker => broker with { UseTls = true, Tls = new TlsFiles(caFile, certificateFile, keyFile) });
}
