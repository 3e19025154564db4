using System.IO.Ports;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.Tests.DeviceSims;

public sealed class PtyPortTests : IDisposable
{
    private const int FastBaud = 1_000_000;
    private const int TestTimeoutMs = 30_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ScratchDirectory _directory = new();
    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Bytes_pass_both_ways_through_a_real_serial_port()
    {
        using var port = Plug(FastBaud);
        using var reader = new SerialPort(port.Path, 9600) { ReadTimeout = 5000 };
        reader.Open();

        Assert.True(await port.WriteAsync(new byte[] { 0x42, 0x4D, 0x00, 0xFF }, 0, _cancel));
        Assert.Equal([0x42, 0x4D, 0x00, 0xFF], Enumerable.Range(0, 4).Select(_ => (byte)reader.ReadByte()));

        reader.Write([1, 3, 0, 13], 0, 4);
        var buffer = new byte[16];
        Assert.Equal(4, await port.ReadAsync(buffer, Patience, _cancel));
        Assert.Equal([1, 3, 0, 13], buffer[..4]);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task No_byte_is_changed_or_echoed_for_a_reader_that_sets_nothing_up()
    {
        using var port = Plug(FastBaud);
        using var reader = new RawTerminal(port.Path);
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        Assert.True(await port.WriteAsync(all, 0, _cancel));
        Assert.Equal(all, await reader.ReadAsync(all.Length, Patience));

        reader.Send(all);
        var buffer = new byte[512];
        Assert.Equal(all.Length, await port.ReadAsync(buffer, Patience, _cancel));
        Assert.Equal(all, buffer[..all.Length]);
        Assert.Empty(reader.ReadNow(1));
        Assert.False(reader.HasHungUp);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task What_nobody_listens_to_is_lost_and_said_to_be()
    {
        using var port = Plug(FastBaud);

        Assert.False(await port.WriteAsync(new byte[] { 1, 2, 3 }, 0, _cancel));

        using var reader = new RawTerminal(port.Path);
        Assert.True(await port.WriteAsync(new byte[] { 4 }, 0, _cancel));
        Assert.Equal([4], await reader.ReadAsync(1, Patience));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task What_a_gone_reader_left_does_not_greet_the_next_one()
    {
        using var port = Plug(FastBaud);
        using (var gone = new RawTerminal(port.Path))
        {
            Assert.True(await port.WriteAsync(new byte[] { 1, 2, 3 }, 0, _cancel));
        }

        Assert.Equal(0, await port.ReadAsync(new byte[1], PtyPort.PollInterval, _cancel));
        Assert.Equal(TimeSpan.Zero, port.ListenedFor);
        using var next = new RawTerminal(port.Path);
        Assert.True(await port.WriteAsync(new byte[] { 9 }, 0, _cancel));
        Assert.Equal([9], await next.ReadAsync(1, Patience));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_reader_that_stops_reading_never_blocks_the_device()
    {
        using var port = Plug(100_000_000);
        using var reader = new RawTerminal(port.Path);
        var lump = new byte[4096];

        var lumps = 0;
        while (await port.WriteAsync(lump, 0, _cancel))
        {
            Assert.InRange(++lumps, 1, 1000);
        }

        Assert.True(port.ListenedFor > TimeSpan.Zero);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Unplugging_is_a_hang_up_and_the_path_is_gone_until_it_is_plugged_in_again()
    {
        using var port = Plug(FastBaud);
        using var reader = new RawTerminal(port.Path);
        var before = new FileInfo(port.Path).LinkTarget;

        port.Unplug();
        await reader.ReadAsync(1, Patience);
        Assert.True(reader.HasHungUp);
        Assert.Null(new FileInfo(port.Path).LinkTarget);
        Assert.False(await port.WriteAsync(new byte[] { 1 }, 0, _cancel));

        port.Plug();
        Assert.NotEqual(before, new FileInfo(port.Path).LinkTarget);
        using var again = new RawTerminal(port.Path);
        Assert.True(await port.WriteAsync(new byte[] { 7 }, 0, _cancel));
        Assert.Equal([7], await again.ReadAsync(1, Patience));
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task A_hang_up_ends_by_itself()
    {
        using var port = Plug(FastBaud);

        port.HangUp(TimeSpan.FromMilliseconds(100));
        Assert.False(port.IsPlugged);
        await port.ReadAsync(new byte[1], TimeSpan.FromMilliseconds(300), _cancel);
        Assert.True(port.IsPlugged);
    }

    [Fact(Timeout = TestTimeoutMs)]
    public async Task Bytes_take_the_time_that_the_baud_rate_gives_them()
    {
        using var port = Plug(9600);
        using var reader = new RawTerminal(port.Path);
        var start = TimeProvider.System.GetTimestamp();

        Assert.True(await port.WriteAsync(new byte[96], 0, _cancel));

        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void A_file_that_is_no_link_is_never_touched()
    {
        var path = _directory.File("ttyX");
        File.WriteAllText(path, "mine");

        var refusal = Assert.Throws<IOException>(() => new PtyPort(path, 9600, TimeProvider.System).Dispose());

        Assert.Contains("is no symbolic link", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public void A_link_left_by_a_killed_run_is_replaced_and_the_last_one_removed()
    {
        var path = _directory.File("ttyX");
        File.CreateSymbolicLink(path, "/dev/pts/99999");

        using (var port = new PtyPort(path, 9600, TimeProvider.System))
        {
            using var reader = new RawTerminal(path);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    private PtyPort Plug(int baud) => new(_directory.File("ttyX"), baud, TimeProvider.System);
}
