using System.Text;
using EdgeHub.Wire;

namespace EdgeHub.Tests.Wire;

public sealed class HostileJsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"v\":2}")]
    [InlineData("{\"v\":1,\"store\":\"s\",\"spool\":\"zz\"}")]
    [InlineData("{\"v\":1,\"store\":\"s\",\"spool\":\"00112233445566778899aabbccddeeff\",\"digest\":\"xx\"}")]
    [InlineData("{\"v\":1,\"store\":\"s\",\"spool\":\"00112233445566778899aabbccddeeff\",\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"stored\":[[5,4]]}")]
    [InlineData("{\"v\":1,\"store\":\"s\",\"spool\":\"00112233445566778899aabbccddeeff\",\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"stored\":[[1,5],[4,9]]}")]
    [InlineData("{\"v\":1,\"store\":\"s\",\"spool\":\"00112233445566778899aabbccddeeff\",\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"stored\":[[-1,5]]}")]
    public void What_is_no_ack_or_status_has_a_reason(string json)
    {
        Assert.Null(Ack.TryParse(Encoding.UTF8.GetBytes(json), out var reason));
        Assert.NotEmpty(reason);
        Assert.Null(GatewayStatus.TryParse(Encoding.UTF8.GetBytes(json), out reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void A_megabyte_of_ranges_is_refused_unread()
    {
        var json = "{\"v\":1,\"stored\":[" + string.Join(",", Enumerable.Repeat("[1,2]", 200_000)) + "]}";
        Assert.Null(Ack.TryParse(Encoding.UTF8.GetBytes(json), out var reason));
        Assert.Contains("bytes of JSON", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edgehub/v1/gw-1/records", true)]
    [InlineData("edgehub/v1/gw-1/commands/restart", true)]
    [InlineData("edgehub/v1/GW/records", false)]
    [InlineData("edgehub/v2/gw-1/records", false)]
    [InlineData("edgehub/v1/records", false)]
    [InlineData("edgehub/v1//records", false)]
    public void Only_topics_of_the_treaty_are_parsed(string topic, bool ours) =>
        Assert.Equal(ours, new Topics().TryParse(topic, out _, out _));
}
