using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Tests.Hosting;

public sealed class SettingsTests
{
    static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void Every_error_is_told_at_once_with_key_value_reason_and_fix()
    {
        var document = SettingsDocument.FromText("""{ "interval": "soon", "count": 900, "extra": 1, "inner": { "flag": "perhaps" } }""", "test", "EDGEHUB__", Nothing);
        document.Root.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        document.Root.Whole("count", 5, 1, 512);
        document.Root.Section("inner").Flag("flag", false);
        document.Root.Text("name", null);
        document.Root.RejectUnknown();

        Assert.Equal(["interval", "count", "inner.flag", "name", "extra"], document.Errors.Select(error => error.Key));
        Assert.Equal(["soon", "900", "perhaps", null, null], document.Errors.Select(error => error.Value));
        Assert.All(document.Errors, error => Assert.True(error.Reason.Length > 0 && error.Fix.Length > 0));
    }

    [Fact]
    public void An_unknown_key_is_an_error_that_names_the_nearest_known_one()
    {
        var document = SettingsDocument.FromText("""{ "flushIntervall": "1s" }""", "test", "EDGEHUB__", Nothing);
        document.Root.Duration("flushInterval", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromHours(1));
        document.Root.RejectUnknown();

        Assert.Contains("Did you mean flushInterval?", Assert.Single(document.Errors).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_lies_over_the_file_and_keeps_to_its_prefix()
    {
        var environment = new Dictionary<string, string>
        {
            ["EDGEHUB__HTTP__LISTEN"] = "127.0.0.1:1", ["EDGEHUB__SENSORS__0__PORT"] = "serial:/dev/ttyUSB1", ["EDGEHUB__FLUSH_INTERVAL"] = "2s", ["EDGEHUB_BRIDGE__NAME"] = "not ours",
        };
        var document = SettingsDocument.FromText("""{ "http": { "listen": "127.0.0.1:9" }, "sensors": [ { "port": "serial:/dev/ttyUSB0" } ] }""", "test", "EDGEHUB__", environment);

        Assert.Equal("127.0.0.1:1", document.Root.Section("http").Text("listen", ""));
        Assert.Equal("serial:/dev/ttyUSB1", document.Root.List("sensors", 4)[0].Text("port", ""));
        Assert.Equal(TimeSpan.FromSeconds(2), document.Root.Duration("flushInterval", TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromHours(1)));
        document.Root.RejectUnknown();
        Assert.Empty(document.Errors);
    }

    [Theory]
    [InlineData("{ \"a\": 1, }, ", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{ \"a\": 1, \"a\": 2 }", "stands twice")]
    [InlineData("", "not valid JSON")]
    public void A_file_that_is_no_configuration_is_an_error_and_no_exception(string text, string reason) =>
        Assert.Contains(reason, Assert.Single(SettingsDocument.FromText(text, "test", "EDGEHUB__", Nothing).Errors).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:9464", 0)]
    [InlineData("localhost:9464", 0)]
    [InlineData("[::1]:0", 0)]
    [InlineData("0.0.0.0:9464", 1)]
    [InlineData("192.168.1.5:9464", 1)]
    [InlineData("127.0.0.1", 1)]
    [InlineData("9464", 1)]
    [InlineData("here:9464", 1)]
    public void A_listener_beyond_loopback_must_be_asked_for(string listen, int errors)
    {
        var document = SettingsDocument.FromText($$"""{ "listen": "{{listen}}" }""", "test", "EDGEHUB__", Nothing);
        HttpOptions.Read(document.Root, HttpOptions.EdgePort);
        Assert.Equal(errors, document.Errors.Count);
    }

    [Fact]
    public void A_listener_beyond_loopback_that_is_asked_for_is_taken()
    {
        var document = SettingsDocument.FromText("""{ "listen": "0.0.0.0:9464", "allowRemote": true }""", "test", "EDGEHUB__", Nothing);
        Assert.Equal("0.0.0.0:9464", HttpOptions.Read(document.Root, HttpOptions.EdgePort).Listen.ToString());
        Assert.Empty(document.Errors);
    }
}
