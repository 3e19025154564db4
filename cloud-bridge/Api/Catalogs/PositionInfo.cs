using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>A place on WGS 84: degrees east and north, and metres above the ellipsoid where they are known.</summary>
public sealed record PositionInfo(double Longitude, double Latitude, double? Height)
{
    internal static PositionInfo? Of(Position? position) => position is null ? null : new PositionInfo(position.Longitude, position.Latitude, position.HasHeight ? position.Height : null);
}
