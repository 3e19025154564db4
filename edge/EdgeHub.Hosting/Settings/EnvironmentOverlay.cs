using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeHub.Hosting.Settings;

/// <summary>Lays one environment variable over the JSON tree; keys match without case, as shells write them in capitals.</summary>
static class EnvironmentOverlay
{
    public static void Apply(SettingsDocument document, JsonObject root, string variable, string path, string value)
    {
        var keys = path.Split("__", StringSplitOptions.RemoveEmptyEntries);
        JsonNode node = root;
        for (var i = 0; i < keys.Length; i++)
        {
            var last = i == keys.Length - 1;
            switch (node)
            {
                case JsonObject map:
                    var name = map.Select(pair => pair.Key).FirstOrDefault(key => key.Equals(keys[i], StringComparison.OrdinalIgnoreCase)) ?? Camel(keys[i]);
                    if (last)
                        map[name] = value;
                    else
                        node = map[name] ?? (map[name] = new JsonObject())!;
                    break;
                case JsonArray list when int.TryParse(keys[i], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count && list[index] is { } element:
                    if (last)
                        list[index] = value;
                    else
                        node = element;
                    break;
                default:
                    document.Add(new SettingsError(variable, null, "this environment variable names no place in the configuration.", "Write the keys with __ between them, and list elements by a position that the file has."));
                    return;
            }
        }
    }

    // FLUSH_INTERVAL and FLUSHINTERVAL cannot both be guessed: single underscores part words.
    static string Camel(string key)
    {
        var words = key.ToLowerInvariant().Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? key : words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
