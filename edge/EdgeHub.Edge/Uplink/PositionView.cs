using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Uplink;

/// <summary>Degrees on WGS 84, and metres.</summary>
sealed record PositionView(double Longitude, double Latitude, double? Height)
{
    public static PositionView? Of(Position? position) => position is null ? null : new PositionView(position.Longitude, position.Latitude, position.HasHeight ? position.Height : null);
}
