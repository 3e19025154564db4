using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeHub.Wire;

/// <summary>
/// What a bundle holds: envelopes of one gateway, each a file with exactly the bytes that MQTT would carry. It is written last, so a
/// bundle without it is unfinished.
/// </summary>
/// <param name="CreatedMs">Wall time of the box at the export, Unix milliseconds; a box may have a wrong clock.</param>
/// <param name="Writer">The program that wrote it.</param>
/// <param name="Files">In the order in which they are to be stored.</param>
/// <param name="Signature">Over the manifest without it; nobody signs yet, and a reader that knows no keys leaves it be.</param>
public sealed record BundleManifest(
    [property: JsonPropertyName("v")] int V,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("gateway")] string Gateway,
    [property: JsonPropertyName("created")] long CreatedMs,
    [property: JsonPropertyName("writer")] string Writer,
    [property: JsonPropertyName("files")] IReadOnlyList<BundleFile> Files,
    [property: JsonPropertyName("signature")] BundleSignature? Signature = null)
{
    /// <summary>The version that this code writes and the newest it reads.</summary>
    public const int Version = 1;

    public const string KindName = "edgehub-bundle";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Default.BundleManifest);

    /// <summary>The manifest in these bytes.</summary>
    /// <exception cref="BundleException">They are none, or of a newer program.</exception>
    public static BundleManifest Parse(ReadOnlySpan<byte> json, string place)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, WireJson.Default.BundleManifest) is not { Kind: KindName } manifest)
                throw new BundleException(BundleFault.Malformed, $"{place} is no manifest of a bundle.");
            if (manifest.V > Version)
                throw new BundleException(BundleFault.Newer, $"{place} is of version {manifest.V}, and this program knows {Version}: update it.");
            if (!Identifiers.IsId(manifest.Gateway) || manifest.Files is not { Count: <= BundleDirectory.FilesMax } files || !files.All(file => file is not null && BundleDirectory.IsName(file.Name) && RecordHash.TryParse(file.Sha256, out _)))
                throw new BundleException(BundleFault.Malformed, $"{place} names no gateway, or files that no bundle has.");
            return manifest;
        }
        catch (JsonException e)
        {
            throw new BundleException(BundleFault.Truncated, $"{place} ends or breaks at line {e.LineNumber + 1}: copy the bundle again.");
        }
    }
}

/// <summary>One envelope of a bundle.</summary>
/// <param name="Sha256">Of its bytes, in hexadecimal digits.</param>
public sealed record BundleFile(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("sha256")] string Sha256);

/// <summary>Who vouches for a bundle.</summary>
/// <param name="Algorithm">Such as <c>ecdsa-p256-sha256</c>.</param>
/// <param name="Value">Base64.</param>
public sealed record BundleSignature(
    [property: JsonPropertyName("alg")] string Algorithm,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("value")] string Value);
