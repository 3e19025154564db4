namespace EdgeHub.Edge.Sensors.Gpio;

/// <summary>Counts settled edges; the values are exact decimals. The total counts from the start of the process.</summary>
/// <param name="perPulse">What one pulse stands for.</param>
public sealed class PulseCount(PulseEdge edge, decimal perPulse)
{
    ulong total;
    ulong reported;

    public void Settled(bool level)
    {
        if (edge == PulseEdge.Both || level == (edge == PulseEdge.Rising))
            total++;
    }

    /// <summary>What has come since the last report, and in all.</summary>
    public (double Delta, double Total) Report()
    {
        var delta = total - reported;
        reported = total;
        return ((double)(delta * perPulse), (double)(total * perPulse));
    }
}
