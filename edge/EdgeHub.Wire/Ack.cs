using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Wire;

/// <summary>
/// "Committed in the city's database": which records of one spool are stored or set aside there, bound to the store
/// and to the content. Sent only after the commit.
/// </summary>
/// <param name="Store">Id of the store, born with its schema.</param>
/// <param name="Stored">Numbers whose readings are in the database.</param>
/// <param name="SetAside">Numbers kept raw because they could not be stored; delivered all the same.</param>
/// <param name="Digest"><see cref="RecordHash.DigestOf"/> over the records of both, ascending by number.</param>
/// <param name="Missing">Numbers the box calls acked and this store does not have.</param>
public sealed record Ack(
    string Store,
    SpoolId Spool,
    IReadOnlyList<NumberRange> Stored,
    IReadOnlyList<NumberRange> SetAside,
    RecordHash Digest,
    IReadOnlyList<NumberRange> Missing)
{
    const int TwinCharsMax = 400;

    /// <summary>What the city sees of a second live box with this gateway's id, at each turn that the two take; null when it sees none.</summary>
    public string? Twin { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(ToRaw(), WireJson.Default.AckJson);

    internal AckJson ToRaw() => new(1, Store, Spool.ToString(), Ranges.Pairs(Stored), Ranges.Pairs(SetAside), Digest.ToString(), Ranges.Pairs(Missing), Twin);

    /// <summary>Null and a reason for anything that is not an ack; hostile bytes are a result, never an exception.</summary>
    public static Ack? TryParse(ReadOnlySpan<byte> json, out string reason) =>
        WireJson.TryRead(json, WireJson.Default.AckJson, out reason) is { } raw ? TryRead(raw, out reason) : null;

    internal static Ack? TryRead(AckJson raw, out string reason)
    {
        reason = "";
        if (raw.V != 1)
            reason = $"ack version {raw.V} is not known here";
        else if (raw.Store is not { Length: > 0 and <= Identifiers.LengthMax })
            reason = "the ack names no store";
        else if (!SpoolId.TryParse(raw.Spool, out var spool))
            reason = "the ack names no spool";
        else if (!RecordHash.TryParse(raw.Digest, out var digest))
            reason = "the ack has no digest";
        else if (Ranges.TryRead(raw.Stored, out var stored) & Ranges.TryRead(raw.SetAside, out var setAside) & Ranges.TryRead(raw.Missing, out var missing))
            return new Ack(raw.Store, spool, stored, setAside, digest, missing) { Twin = raw.Twin is { Length: > TwinCharsMax } longer ? longer[..TwinCharsMax] : raw.Twin };
        else
            reason = "the ack's ranges are not ascending pairs of numbers from 1";
        return null;
    }
}

sealed record AckJson(
    [property: JsonPropertyName("v")] int V,
    [property: JsonPropertyName("store")] string? Store,
    [property: JsonPropertyName("spool")] string? Spool,
    [property: JsonPropertyName("stored")] ulong[][]? Stored,
    [property: JsonPropertyName("setAside")] ulong[][]? SetAside,
    [property: JsonPropertyName("digest")] string? Digest,
    [property: JsonPropertyName("missing")] ulong[][]? Missing,
    [property: JsonPropertyName("twin")] string? Twin = null);
