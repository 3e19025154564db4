namespace EdgeHub.Edge.Sensors.Buses;

/// <summary>What the schedule of a line must know of one instrument.</summary>
/// <param name="Interval">How often its values are due.</param>
/// <param name="Questions">Exchanges that bring them all, as far as known before the first round.</param>
/// <param name="Cost">How long one exchange takes when the instrument is well, estimated from its bytes and the line's speed.</param>
/// <param name="Limit">The longest that one exchange may take.</param>
/// <param name="Group">Instruments for which the line is set alike: asked one behind the other where nothing else decides.</param>
public readonly record struct BusSlot(TimeSpan Interval, int Questions, TimeSpan Cost, TimeSpan Limit, int Group = 0);
