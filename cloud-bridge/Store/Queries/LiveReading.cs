namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>The newest value of a stream, as the live feed tells it. <c>(gateway, spool, sequence)</c> tells a repeat.</summary>
/// <param name="Topic">The same below the city prefix.</param>
public sealed record LiveReading(string Stream, string Topic, string Unit, string Time, double? Value, int Quality, string Grade, string Flag, bool Historical, string Spool, long Sequence)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Area { get; init; } = "";

    [System.Text.Json.Serialization.JsonIgnore]
    public long Commit { get; init; }
}
