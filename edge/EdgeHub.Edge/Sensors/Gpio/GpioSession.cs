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

    readonly GpioController controller;
    readonly List<(int Line, PinChangeEventHandler Handler)> open = [];
    readonly Channel<(int Index, GpioEdge Edge)> edges = Channel.CreateBounded<(int, GpioEdge)>(new BoundedChannelOptions(EdgesMax) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public GpioSession(GpioDriver driver) => controller = new GpioController(driver);

    public ChannelReader<(int Index, GpioEdge Edge)> Edges => edges.Reader;

    /// <summary>Opens a line and returns its level.</summary>
    public bool Open(int line, GpioPull pull, Func<TimeSpan> now)
    {
        var index = open.Count;
        controller.OpenPin(line, pull switch { GpioPull.Up => PinMode.InputPullUp, GpioPull.Down => PinMode.InputPullDown, _ => PinMode.Input });
        PinChangeEventHandler handler = (_, change) => edges.Writer.TryWrite((index, new GpioEdge(change.ChangeType == PinEventTypes.Rising, now())));
        controller.RegisterCallbackForPinValueChangedEvent(line, PinEventTypes.Rising | PinEventTypes.Falling, handler);
        open.Add((line, handler));
        return controller.Read(line) == PinValue.High;
    }

    public bool Read(int index) => controller.Read(open[index].Line) == PinValue.High;

    // Callbacks first, then lines, then the chip: an edge in between finds a closed channel and nothing else.
    public void Dispose()
    {
        edges.Writer.TryComplete();
        foreach (var (line, handler) in open)
        {
            controller.UnregisterCallbackForPinValueChangedEvent(line, handler);
            controller.ClosePin(line);
        }

        controller.Dispose();
    }
}
