using EdgeHub.DeviceSims.Chance;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>
/// A simulated device, written from its datasheet and from nothing else: it shares no code with the driver
/// that reads it, so that an error in one is not hidden by the same error in the other.
/// <para>
/// A double of a wire overrides <see cref="Hear"/> (and <see cref="HearSilence"/> where a frame ends by silence), <see cref="Speak"/>
/// and <see cref="Pace"/> when it streams by itself, and adds each of its values with <see cref="Add"/>. One row in
/// <see cref="DoubleCatalog"/> then makes it known to scenarios and lists. Its line calls it from one loop.
/// </para>
/// </summary>
public abstract class DeviceDouble
{
    private readonly List<Signal> _signals = [];
    private readonly ulong _seed;

    /// <param name="sensorId">The device's id in the run, <c>[a-z0-9-]</c>.</param>
    /// <param name="model">What it plays.</param>
    /// <param name="seed">The run's seed, from which the device's values and faults follow.</param>
    private protected DeviceDouble(string sensorId, string model, ulong seed)
    {
        SensorId = sensorId;
        Model = model;
        Faults = new FaultPlan(sensorId, seed);
        _seed = seed;
    }

    /// <summary>The device's id in the run.</summary>
    public string SensorId { get; }

    /// <summary>What it plays.</summary>
    public string Model { get; }

    /// <summary>What goes wrong with it, and how often.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Its values.</summary>
    public IReadOnlyList<Signal> Signals => _signals;

    /// <summary>The streams it carries.</summary>
    public IReadOnlyList<Quantity> Quantities => [.. _signals.Select(signal => signal.Quantity)];

    /// <summary>The address on a shared bus, as its protocol writes it; null for a device alone on its line.</summary>
    public virtual string? Address => null;

    /// <summary>The line settings it has from the factory.</summary>
    public virtual Wiring Wiring => new(9600);

    /// <summary>The time from one frame that it sends by itself to the next; null for a device that only answers.</summary>
    public virtual TimeSpan? Pace => null;

    /// <summary>How long it lets the line rest before it answers.</summary>
    public virtual TimeSpan Turnaround => TimeSpan.FromMilliseconds(4);

    /// <summary>The frame it sends by itself, of fresh values; null when it keeps silent now.</summary>
    public virtual Emission? Speak() => null;

    /// <summary>Takes bytes from its wire, which may be for others; returns its answers, in order.</summary>
    public virtual IReadOnlyList<Emission> Hear(ReadOnlySpan<byte> bytes) => [];

    /// <summary>The wire has fallen silent behind the bytes of the last <see cref="Hear"/>.</summary>
    public virtual IReadOnlyList<Emission> HearSilence() => [];

    /// <summary>Whether a fault can happen to it.</summary>
    public virtual bool CanHave(FaultKind kind) => kind switch
    {
        FaultKind.WrongAddress or FaultKind.Exception => false,
        FaultKind.Sentinel => _signals.Any(signal => signal.HasNoData),
        _ => true,
    };

    /// <summary>The frame that the device sends instead under <see cref="FaultKind.WrongAddress"/> or <see cref="FaultKind.Exception"/>, with a right checksum.</summary>
    public virtual ReadOnlyMemory<byte> Instead(FaultKind kind, ReadOnlyMemory<byte> frame) => frame;

    /// <summary>Adds a value that the device carries.</summary>
    /// <param name="stepsPerUnit">Steps of the raw integer a unit has: 10 for tenths.</param>
    /// <param name="noData">The raw integer by which the device says "no value"; null where it has none.</param>
    private protected Signal Add(Quantity quantity, ValueRange range, double stepsPerUnit = 1, long? noData = null)
    {
        var signal = new Signal(SensorId, _seed, Faults, quantity, range, stepsPerUnit, noData);
        _signals.Add(signal);
        return signal;
    }
}
