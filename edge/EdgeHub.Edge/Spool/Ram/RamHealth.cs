namespace EdgeHub.Edge.Spool.Ram;

/// <summary>What is in memory only, because no medium takes it.</summary>
/// <param name="IsInUse">Nothing can be recorded just now.</param>
/// <param name="WaitingReadings">Not acked: lost with the power.</param>
/// <param name="Taken">Readings since this process started.</param>
/// <param name="Lost">Of them, those that went for want of room, and those of streams that never leave the box.</param>
public sealed record RamHealth(bool IsInUse, ulong WaitingReadings, long Bytes, ulong Taken, ulong Lost)
{
    /// <summary>One sentence for the technician and the city, before that of the medium.</summary>
    public override string ToString() =>
        $"No medium takes what is read: {WaitingReadings} readings are in memory only and sent directly{(Lost > 0 ? $", {Lost} found no room" : "")}; what is not acked is lost with the power.";
}
