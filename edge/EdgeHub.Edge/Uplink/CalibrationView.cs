using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>The calibration of a <see cref="StreamView"/>.</summary>
/// <param name="ValidFrom">From when on it holds; null for always.</param>
sealed record CalibrationView(string Scale, string Offset, DateTimeOffset? ValidFrom)
{
    public static CalibrationView? Of(Calibration? calibration) => calibration is null
        ? null
        : new CalibrationView(calibration.Scale, calibration.Offset, calibration.HasValidFromUnixMs ? DateTimeOffset.FromUnixTimeMilliseconds(calibration.ValidFromUnixMs) : null);
}
