using System.Globalization;
using System.Text.Json;

namespace EdgeHub.Edge.Sensors.TextLine;

/// <summary>RFC 6901 over a parsed document.</summary>
static class JsonPointer
{
    /// <summary>Whether a text is a pointer: empty or of parts that each begin with <c>/</c>.</summary>
    public static bool IsValid(string pointer) => pointer.StartsWith('/');

    /// <summary>What the pointer names, or null.</summary>
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        var place = root;
        foreach (var escaped in pointer.Split('/').Skip(1))
        {
            var part = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (place.ValueKind == JsonValueKind.Object && TryMember(place, part, out var member))
                place = member;
            else if (place.ValueKind == JsonValueKind.Array && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < place.GetArrayLength())
                place = place[index];
            else
                return null;
        }

        return place;
    }

    static bool TryMember(JsonElement place, string name, out JsonElement member)
    {
        try
        {
            return place.TryGetProperty(name, out member);
        }
        catch (InvalidOperationException)
        {
            member = default; // A neighbour's name is half a surrogate pair, which no name can be compared with.
            return false;
        }
    }
}
