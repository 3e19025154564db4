using EdgeHub.CloudBridge.Intake;
using EdgeHub.Hosting.Secrets;
using EdgeHub.Wire;
using Xunit;

namespace EdgeHub.Tests.CloudBridge;

public sealed class BrokerGuardTests
{
    readonly BrokerGuard guard = new([new BrokerUser("box", "gw1", PasswordHash.Of("right"), null), new BrokerUser("town", null, null, new Secret("hall"))], new Topics());

    [Theory]
    [InlineData("box", "right", true)]
    [InlineData("box", "wrong", false)]
    [InlineData("box", null, false)]
    [InlineData("town", "hall", true)]
    [InlineData("town", "", false)]
    [InlineData("nobody", "right", false)]
    [InlineData(null, null, false)]
    public void Only_a_known_user_with_its_password_may_connect(string? user, string? password, bool may) =>
        Assert.Equal(may, guard.MayConnect(user, password));

    [Theory]
    [InlineData("box", "edgehub/v1/gw1/records", true)]
    [InlineData("box", "edgehub/v1/gw1/status", true)]
    [InlineData("box", "edgehub/v1/gw2/records", false)]
    [InlineData("box", "edgehub/v1/gw1/ack", false)]
    [InlineData("box", "edgehub/v1/gw1/commands/restart", false)]
    [InlineData("box", "city/anything", false)]
    [InlineData("town", "edgehub/v1/gw1/commands/restart", true)]
    [InlineData("town", "edgehub/v1/gw1/ack", false)]
    [InlineData("town", "edgehub/v1/gw1/records", false)]
    [InlineData("town", "town/notices", true)]
    [InlineData("nobody", "town/notices", false)]
    public void A_box_speaks_below_its_own_id_and_nobody_forges_an_ack(string user, string topic, bool may) =>
        Assert.Equal(may, guard.MayPublish(user, topic));

    [Theory]
    [InlineData("box", "edgehub/v1/gw1/ack", true)]
    [InlineData("box", "edgehub/v1/gw2/ack", false)]
    [InlineData("box", "edgehub/v1/+/ack", false)]
    [InlineData("box", "#", false)]
    [InlineData("town", "#", true)]
    [InlineData("nobody", "city/#", false)]
    public void A_box_hears_only_its_own_topics(string user, string filter, bool may) =>
        Assert.Equal(may, guard.MaySubscribe(user, filter));

    [Fact]
    public void A_hash_knows_its_password_and_no_other_and_is_new_each_time()
    {
        var hash = PasswordHash.Of("right");
        Assert.True(PasswordHash.IsWellFormed(hash) && PasswordHash.Matches(hash, "right"));
        Assert.False(PasswordHash.Matches(hash, "Right"));
        Assert.NotEqual(hash, PasswordHash.Of("right"));
        Assert.DoesNotContain("right", hash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("right")]
    [InlineData("pbkdf2-sha256$0$00$0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("pbkdf2-sha256$100000$zz$0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("pbkdf2-sha256$99999999999$00$0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("md5$1$00$0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_hash_lets_nobody_in(string text)
    {
        Assert.False(PasswordHash.IsWellFormed(text));
        Assert.False(PasswordHash.Matches(text, "right"));
    }
}
