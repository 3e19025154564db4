using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>A stream as the unified catalog has it: what the box says, and what the vocabulary says of its quantity.</summary>
/// <param name="Vocabulary">Null when the vocabulary does not have the quantity.</param>
/// <param name="UnitFits">Whether the unit is one that the vocabulary has for the quantity.</param>
public sealed record CatalogEntry(string Id, string Gateway, string Sensor, string Quantity, QuantityInfo? Vocabulary, string Unit, bool UnitFits, string Site, string Area, string Class, string Classification, string Model, string Topic, string FirstSeen)
{
    /// <summary>Where the sensor stands; null where the box was not told.</summary>
    public PositionInfo? Position { get; init; }

    /// <summary>Who answers for the data.</summary>
    public string? Owner { get; init; }

    /// <summary>Code of the management grid cell.</summary>
    public string? Grid { get; init; }

    public SamplingInfo? Sampling { get; init; }

    /// <summary>The true value is within this of the reading, in the unit.</summary>
    public double? Accuracy { get; init; }

    internal static CatalogEntry Of(StreamDescription described)
    {
        var (stream, box, words) = described;
        var vocabulary = QuantityInfo.Of(stream.Quantity);
        return new CatalogEntry(stream.Id, stream.Gateway, stream.Sensor, stream.Quantity, vocabulary, stream.Unit, vocabulary?.Units.Contains(stream.Unit) ?? false, stream.Site, stream.Area, stream.Class, stream.Classification, stream.Model, stream.Topic, stream.FirstSeen)
        {
            Position = PositionInfo.Of(words?.Position ?? box?.Position),
            StandsApart = words?.Position is not null,
            Owner = box is { Owner.Length: > 0 } ? box.Owner : null,
            Grid = box is { Grid.Length: > 0 } ? box.Grid : null,
            Sampling = SamplingInfo.Of(words?.Sampling),
            Accuracy = words is { HasAccuracy: true } ? words.Accuracy : null,
        };
    }

    internal string Name => Vocabulary?.Name ?? Quantity;

    /// <summary>The sensor has a position of its own.</summary>
    internal bool StandsApart { get; init; }
}
