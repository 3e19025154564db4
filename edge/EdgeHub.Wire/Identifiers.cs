using System.Buffers;

namespace EdgeHub.Wire;

/// <summary>The one form of ids of gateways, sensors and sites: <c>[a-z0-9-]{1,64}</c>; quantities also take <c>_</c>.</summary>
public static class Identifiers
{
    public const int LengthMax = 64;

    static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    static readonly SearchValues<char> QuantityCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static bool IsId(string? text) => text is { Length: >= 1 and <= LengthMax } && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    public static bool IsQuantity(string? text) => text is { Length: >= 1 and <= LengthMax } && !text.AsSpan().ContainsAnyExcept(QuantityCharacters);
}
