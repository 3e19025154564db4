using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Wire;

/// <summary>The city's answer to a bundle: the acks of its records, to be carried back to the box.</summary>
/// <param name="Bundle">SHA-256 of the bundle's manifest.</param>
public sealed record BundleReceipt(string Gateway, string Bundle, string Store, IReadOnlyList<Ack> Acks)
{
    const int Version = 1;
    const string KindName = "edgehub-receipt";
    const long BytesMax = 64 << 20;

    public void Write(string file)
    {
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(new ReceiptJson(Version, KindName, Gateway, Bundle, Store, [.. Acks.Select(ack => ack.ToRaw())]), WireJson.Default.ReceiptJson));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Reads a receipt.</summary>
    /// <exception cref="BundleException">There is none, or it cannot be used; then nothing of it counts.</exception>
    public static BundleReceipt Read(string file)
    {
        if (!File.Exists(file))
            throw new BundleException(BundleFault.Missing, $"There is no {file}: the city writes it with edgehub-bridge import.");
        if (new FileInfo(file).Length > BytesMax)
            throw new BundleException(BundleFault.Malformed, $"{file} is longer than any receipt.");
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(file), WireJson.Default.ReceiptJson) is not { Kind: KindName } raw)
                throw new BundleException(BundleFault.Malformed, $"{file} is no receipt.");
            if (raw.V > Version)
                throw new BundleException(BundleFault.Newer, $"{file} is of version {raw.V}, and this program knows {Version}: update it.");
            var acks = new List<Ack>();
            foreach (var entry in raw.Acks ?? [])
                acks.Add(Ack.TryRead(entry, out var reason) ?? throw new BundleException(BundleFault.Malformed, $"{file}: {reason}."));
            if (!Identifiers.IsId(raw.Gateway) || raw.Store is not { Length: > 0 } store || acks.Any(ack => ack.Store != store))
                throw new BundleException(BundleFault.Malformed, $"{file} names no gateway, or more than one store.");
            return new BundleReceipt(raw.Gateway!, raw.Bundle ?? "", store, acks);
        }
        catch (JsonException e)
        {
            throw new BundleException(BundleFault.Truncated, $"{file} ends or breaks at line {e.LineNumber + 1}: copy it again.");
        }
    }
}

sealed record ReceiptJson(
    [property: JsonPropertyName("v")] int V,
    [property: JsonPropertyName("kind")] string? Kind,
    [property: JsonPropertyName("gateway")] string? Gateway,
    [property: JsonPropertyName("bundle")] string? Bundle,
    [property: JsonPropertyName("store")] string? Store,
    [property: JsonPropertyName("acks")] AckJson[]? Acks);
