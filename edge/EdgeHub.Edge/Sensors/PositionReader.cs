using EdgeHub.Hosting.Settings;
using EdgeHub.Wire.Proto;

namespace EdgeHub.Edge.Sensors;

/// <summary>Reads <c>position</c>, where a box or a sensor stands: <c>longitude</c> and <c>latitude</c> in degrees on WGS 84, <c>height</c> in metres above its ellipsoid.</summary>
static class PositionReader
{
    const string Key = "position";
    const double HeightMin = -1000;
    const double HeightMax = 10_000;

    /// <summary>Null where none is written.</summary>
    public static Position? Read(SettingsSection owner)
    {
        var section = owner.Section(Key);
        if (!owner.Has(Key))
            return null;
        var position = new Position { Longitude = Degrees(section, "longitude", 180), Latitude = Degrees(section, "latitude", 90) };
        section.Know("height");
        if (section.Has("height"))
            position.Height = section.Number("height", 0, HeightMin, HeightMax);
        section.RejectUnknown();
        return position;
    }

    static double Degrees(SettingsSection section, string key, double limit)
    {
        if (!section.Has(key))
            section.Error(key, null, "this key is required.", $"Write degrees on WGS 84, from -{limit} to {limit}.");
        return section.Number(key, 0, -limit, limit);
    }
}
