using System.Device.Gpio;

namespace EdgeHub.Tests.Sensors;

/// <summary>A gpiochip in memory: the test pulls the lines.</summary>
sealed class FakeGpioDriver : GpioDriver
{
    readonly Dictionary<int, PinValue> levels = [];
    readonly Dictionary<int, PinChangeEventHandler> handlers = [];
    readonly Dictionary<int, PinMode> modes = [];

    public bool IsDisposed { get; private set; }

    /// <summary>Called in the middle of closing a line, where a late edge hurts most.</summary>
    public Action<FakeGpioDriver>? WhileClosing { get; set; }

    protected override int PinCount => 32;

    /// <summary>The level changes and no edge is reported.</summary>
    public void SetSilently(int line, bool high) => levels[line] = high ? PinValue.High : PinValue.Low;

    public void Set(int line, bool high)
    {
        SetSilently(line, high);
        if (handlers.TryGetValue(line, out var handler))
            handler(this, new PinValueChangedEventArgs(high ? PinEventTypes.Rising : PinEventTypes.Falling, line));
    }

    protected override void OpenPin(int pinNumber)
    {
    }

    protected override void ClosePin(int pinNumber) => WhileClosing?.Invoke(this);

    protected override void SetPinMode(int pinNumber, PinMode mode) => modes[pinNumber] = mode;

    protected override PinMode GetPinMode(int pinNumber) => modes[pinNumber];

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => true;

    protected override PinValue Read(int pinNumber) => levels.GetValueOrDefault(pinNumber, PinValue.Low);

    /// <summary>What outputs were told, in order.</summary>
    public List<(int Line, bool High)> Written { get; } = [];

    protected override void Write(int pinNumber, PinValue value)
    {
        levels[pinNumber] = value;
        Written.Add((pinNumber, value == PinValue.High));
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    // A late edge still reaches the handler: a real driver's thread may be in the middle of the call.
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => handlers[pinNumber] = callback;

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
