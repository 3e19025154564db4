namespace EdgeHub.CloudBridge.Store.Outgoing;

/// <summary>
/// <c>{county6}/{street3}/{community3}/{site}/{sensor}/{quantity}</c> (GB/T 2260, CJ/T 349): always these six levels,
/// <c>_</c> where one is unknown, so that a street subscribes with one filter.
/// </summary>
public static class CityTopic
{
    const int AreaLevels = 3;
    const string Unknown = "_";

    public static string Of(string area, string site, string sensor, string quantity)
    {
        ArgumentNullException.ThrowIfNull(area);
        var levels = area.Split('/');
        var parts = new string[AreaLevels + 3];
        for (var i = 0; i < AreaLevels; i++)
            parts[i] = Level(i < levels.Length ? levels[i] : "");
        (parts[AreaLevels], parts[AreaLevels + 1], parts[AreaLevels + 2]) = (Level(site), Level(sensor), Level(quantity));
        return string.Join('/', parts);
    }

    // Wildcards and separators inside a name would change who hears it.
    static string Level(string text) => text.Length == 0 ? Unknown : string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = from[i] is '/' or '+' or '#' or '$' || char.IsControl(from[i]) ? '_' : from[i];
    });
}
