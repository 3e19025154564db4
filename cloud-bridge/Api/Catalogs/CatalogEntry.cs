using EdgeHub.CloudBridge.Store.Queries;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>A stream as the unified catalog has it: what the box says, and what the vocabulary says of its quantity.</summary>
/// <param name="Vocabulary">Null when the vocabulary does not have the quantity.</param>
/// <param name="UnitFits">Whether the unit is one that the vocabulary has for the quantity.</param>
public sealed record CatalogEntry(string Id, string Gateway, string Sensor, string Quantity, QuantityInfo? Vocabulary, string Unit, bool UnitFits, string Site, string Area, string Class, string Classification, string Model, string Topic, string FirstSeen)
{
    internal static CatalogEntry Of(StreamInfo stream)
    {
        var vocabulary = QuantityInfo.Of(stream.Quantity);
        return new CatalogEntry(stream.Id, stream.Gateway, stream.Sensor, stream.Quantity, vocabulary, stream.Unit, vocabulary?.Units.Contains(stream.Unit) ?? false, stream.Site, stream.Area, stream.Class, stream.Classification, stream.Model, stream.Topic, stream.FirstSeen);
    }

    internal string Name => Vocabulary?.Name ?? Quantity;
}
