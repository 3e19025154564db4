using System.Device.Gpio;
using System.Threading.Channels;

namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>
/// The open lines of one chip and their edges. A callback comes on a thread of the driver, also while this is being closed, and an
/// exception in it kills the process: so it touches nothing but the channel, which takes or refuses and never throws.
/// </summary>
sealed class GpioSession : IDisposable
{
    /// <summary>Edges that may wait for the loop; a relay that chatters faster loses the oldest, and the level is read anew.</summary>
    public const int EdgesMax = 1024;

#pragma warning disable CA2213 // It is disposed, inside a try that the analyzer does not follow.
    readonly GpioController controller;
#pragma warning restore CA2213
    readonly List<(int Line, PinChangeEventHandler? Handler, bool RestLevel)> open = [];
    readonly Channel<(int Index, GpioEdge Edge)> edges = Channel.CreateBounded<(int, GpioEdge)>(new BoundedChannelOptions(EdgesMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public GpioSession(GpioDriver driver) => controller = new GpioController(driver);

    public ChannelReader<(int Index, GpioEdge Edge)> Edges => edges.Reader;

    public int Count => open.Count;

    /// <summary>Opens an input and returns its level.</summary>
    public bool Open(int line, GpioPull pull, Func<TimeSpan> now)
    {
        var index = open.Count;
        controller.OpenPin(line, pull switch { GpioPull.Up => PinMode.InputPullUp, GpioPull.Down => PinMode.InputPullDown, _ => PinMode.Input });
        PinChangeEventHandler handler = (_, change) => Post(index, new GpioEdge(change.ChangeType == PinEventTypes.Rising, now()));
        open.Add((line, handler, false));
        controller.RegisterCallbackForPinValueChangedEvent(line, PinEventTypes.Rising | PinEventTypes.Falling, handler);
        return controller.Read(line) == PinValue.High;
    }

    /// <summary>Opens an output at its level of rest, to which it goes back when this is closed.</summary>
    public void OpenOutput(int line, bool rest)
    {
        controller.OpenPin(line, PinMode.Output, rest ? PinValue.High : PinValue.Low);
        open.Add((line, null, rest));
    }

    public bool IsInput(int index) => open[index].Handler is not null;

    public bool Read(int index) => controller.Read(open[index].Line) == PinValue.High;

    public void Write(int index, bool high) => controller.Write(open[index].Line, high ? PinValue.High : PinValue.Low);

    /// <summary>Hands an edge to the loop, or wakes it for an output's command. From any thread; does nothing once this is closed.</summary>
    public bool Post(int index, GpioEdge edge) => edges.Writer.TryWrite((index, edge));

    // Outputs to rest first, then callbacks, then lines, then the chip: an edge in between finds a closed channel and nothing else.
    // A chip that is gone refuses each step; the others are still taken.
    public void Dispose()
    {
        edges.Writer.TryComplete();
        foreach (var (line, handler, rest) in open)
            Close(line, handler, rest);
        try
        {
            controller.Dispose();
        }
        catch (Exception e) when (IsGone(e))
        {
            // As below.
        }
    }

    void Close(int line, PinChangeEventHandler? handler, bool rest)
    {
        if (handler is null)
            Try(() => controller.Write(line, rest ? PinValue.High : PinValue.Low));
        else
            Try(() => controller.UnregisterCallbackForPinValueChangedEvent(line, handler));
        Try(() => controller.ClosePin(line));
    }

    static bool IsGone(Exception e) => e is IOException or InvalidOperationException or ArgumentException or NotSupportedException;

    static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (IsGone(e))
        {
            // The chip is gone, and with it what was to be closed.
        }
    }
}
