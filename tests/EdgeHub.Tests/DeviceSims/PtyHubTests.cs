using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>A bus with several ends, as RS-485 has it.</summary>
public sealed class PtyHubTests : IDisposable
{
    const int TestTimeoutMs = 30_000;
    const int Baud = 9_600;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly byte[] Question = [1, 3, 2, 0, 0, 1, 0x85, 0xB2];

    readonly ScratchDirectory scratch = new();
    readonly byte[] heard = new byte[64];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Every_end_and_the_devices_hear_what_one_end_sends_and_it_does_not_hear_itself()
    {
        using var hub = new PtyHub(scratch.File("bus"), 3, Baud, TimeProvider.System);
        using RawTerminal first = new(scratch.File("bus")), second = new(scratch.File("bus.2")), third = new(scratch.File("bus.3"));
        second.Send(Question);
        Assert.Equal(Question, heard[..await hub.ReadAsync(heard, Patience, Stop)]);
        Assert.Equal(Question, await first.ReadAsync(8, Patience));
        Assert.Equal(Question, await third.ReadAsync(8, Patience));
        Assert.Empty(second.ReadNow(1));
        Assert.True(await hub.WriteAsync(new byte[] { 7, 8, 9 }, 0, Stop));
        foreach (var end in new[] { first, second, third })
            Assert.Equal([7, 8, 9], await end.ReadAsync(3, Patience));
        Assert.Equal(0, hub.Collisions);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Of_two_that_send_at_one_time_everybody_hears_the_same_noise_also_when_both_say_the_same()
    {
        using var hub = new PtyHub(scratch.File("bus"), 2, Baud, TimeProvider.System);
        using RawTerminal first = new(scratch.File("bus")), second = new(scratch.File("bus.2"));
        first.Send(Question);
        second.Send(Question);
        var noise = heard[..await hub.ReadAsync(heard, Patience, Stop)];
        Assert.NotEqual(Question, noise);
        Assert.Equal(noise, await first.ReadAsync(8, Patience));
        Assert.Equal(noise, await second.ReadAsync(8, Patience));
        Assert.Equal(1, hub.Collisions);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task An_end_whose_wires_are_cut_hears_nothing_and_is_not_heard_until_they_are_mended()
    {
        using var hub = new PtyHub(scratch.File("bus"), 2, Baud, TimeProvider.System);
        using RawTerminal first = new(scratch.File("bus")), second = new(scratch.File("bus.2"));
        hub.Cut(1, cut: true);
        second.Send(Question);
        Assert.Equal(0, await hub.ReadAsync(heard, TimeSpan.FromMilliseconds(50), Stop));
        Assert.True(await hub.WriteAsync(new byte[] { 7 }, 0, Stop));
        hub.Cut(1, cut: false);
        Assert.True(await hub.WriteAsync(new byte[] { 8 }, 0, Stop));
        Assert.Equal([7, 8], await first.ReadAsync(2, Patience));
        Assert.Equal([8], await second.ReadAsync(1, Patience));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Whoever_speaks_into_an_answer_spoils_it_for_all()
    {
        using var hub = new PtyHub(scratch.File("bus"), 2, 600, TimeProvider.System);
        using RawTerminal first = new(scratch.File("bus")), second = new(scratch.File("bus.2"));
        // Sixteen bytes take a quarter of a second.
        var answer = Enumerable.Repeat((byte)0xAA, 16).ToArray();
        var sending = hub.WriteAsync(answer, 0, Stop);
        second.Send(Question);
        Assert.False(await sending);
        Assert.NotEqual(answer, await first.ReadAsync(16, Patience));
        Assert.Equal(0, await hub.ReadAsync(heard, TimeSpan.Zero, Stop));
    }
}
