using System.Globalization;

namespace EdgeHub.Simulation.PowerCuts;

/// <summary>What a campaign of cuts found.</summary>
/// <param name="Trials">Cuts.</param>
/// <param name="WithAcks">Cuts before which at least one record had been promised; the others prove nothing.</param>
/// <param name="Promised">Records that had to be there.</param>
/// <param name="Lost">Of those, absent or with other bytes.</param>
/// <param name="Unopenable">Cuts after which the spool did not open.</param>
/// <param name="OpenMsMax">The slowest opening, in milliseconds.</param>
sealed record PowerCutTally(int Trials, int WithAcks, long Promised, long Lost, int Unopenable, double OpenMsMax)
{
    public string ToJson() => string.Create(CultureInfo.InvariantCulture, $$"""{"trials":{{Trials}},"withAcks":{{WithAcks}},"promised":{{Promised}},"lost":{{Lost}},"unopenable":{{Unopenable}},"openMsMax":{{OpenMsMax:F0}}}""");
}
