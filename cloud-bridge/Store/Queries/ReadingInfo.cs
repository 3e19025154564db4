using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>One reading. <c>(gateway, spool, sequence)</c> names it for ever.</summary>
/// <param name="Value">Null when the quality has none.</param>
/// <param name="Quality">0 good, 64-127 uncertain, 128-191 bad with a value, 192-255 bad without one.</param>
/// <param name="Flag">The same as HJ 212 flags it.</param>
/// <param name="Historical">Came in after an outage, when newer values were known.</param>
public sealed record ReadingInfo(string Time, double? Value, int Quality, string Grade, string Flag, bool Historical, string Spool, long Sequence)
{
    internal static ReadingInfo Of(long timeMs, double? value, int quality, bool historical, string spool, long sequence) =>
        new(UtcText.Of(timeMs), value, quality, ((Quality)(byte)quality).Grade(), ((Quality)(byte)quality).Hj212(), historical, spool, sequence);
}
