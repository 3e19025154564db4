using System.Text;
using EdgeHub.DeviceSims.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.DeviceSims;

public sealed class GnssReceiverTests
{
    [Fact]
    public void A_receiver_of_a_scenario_tells_the_time_that_the_run_has()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
        var receiver = DoubleCatalog.Find("gnss")!.Make(new DoubleSettings("s", Seed: 7, Address: null, Pace: null, time));
        string[] said = [.. Enumerable.Range(0, 2).Select(_ => Encoding.ASCII.GetString(receiver.Speak()!.Frame.Span))];
        Assert.All(said, sentence => Assert.Contains(",040506.00,", sentence, StringComparison.Ordinal));
        Assert.Contains(said, sentence => sentence.Contains(",030231,", StringComparison.Ordinal));
    }
}
