namespace EdgeHub.Edge.Finding;

/// <summary>Addresses of Modbus slaves as a technician writes them: <c>1-32</c>, or one.</summary>
static class AddressRange
{
    const byte AddressMax = 247;

    /// <summary>The addresses in ascending order; null when the text is no range within 1-247.</summary>
    public static IReadOnlyList<byte>? TryParse(string? text)
    {
        var parts = (text ?? "").Split('-');
        return parts.Length is 1 or 2 && byte.TryParse(parts[0], out var first) && byte.TryParse(parts[^1], out var last) && first is > 0 && last <= AddressMax && first <= last
            ? [.. Enumerable.Range(first, last - first + 1).Select(address => (byte)address)]
            : null;
    }
}
