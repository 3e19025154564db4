using EdgeHub.Edge.Uplink;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Uplink;

public sealed class ResendShareTests
{
    [Fact]
    public void What_goes_again_is_a_share_of_what_was_sent_lately_and_few_say_nothing()
    {
        var time = new FakeTimeProvider();
        var share = new ResendShare(time);
        for (var i = 0; i < 19; i++)
            share.Sent(isAgain: true);
        Assert.Equal(0, share.Value);
        for (var i = 0; i < 381; i++)
            share.Sent(isAgain: false);
        Assert.Equal(19.0 / 400, share.Value, 6);

        // A good hour later the bad one has faded.
        time.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < 400; i++)
            share.Sent(isAgain: false);
        Assert.InRange(share.Value, 0.0001, 0.01);
    }
}
