using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeHub.Hosting.Settings;

/// <summary>
/// One JSON configuration file with environment overrides laid over it, and the list of everything found wrong while it is read.
/// A room reads its own <see cref="SettingsSection"/>; nothing stops at the first error, so a technician mends the file once.
/// </summary>
public sealed class SettingsDocument
{
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    readonly List<SettingsError> errors = [];

    SettingsDocument(JsonObject root, string source)
    {
        Source = source;
        Root = new SettingsSection(this, root, "");
    }

    /// <summary>The file's path, or "defaults".</summary>
    public string Source { get; }

    public SettingsSection Root { get; }

    public IReadOnlyList<SettingsError> Errors => errors;

    /// <summary>An empty document: every value takes its default.</summary>
    public static SettingsDocument Defaults() => new([], "defaults");

    /// <summary>
    /// Reads <paramref name="path"/> and lays the variables that begin with <paramref name="prefix"/> over it:
    /// <c>EDGEHUB__UPLINK__BROKER=mqtt://city</c> sets <c>uplink.broker</c>. An element of a list is named by its position.
    /// A file that cannot be read or parsed is an error of the document, never an exception.
    /// </summary>
    public static SettingsDocument Load(string path, string prefix, IReadOnlyDictionary<string, string> environment)
    {
        JsonObject root = [];
        SettingsError? broken = null;
        try
        {
            root = Parse(File.ReadAllText(path), path, out broken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            broken = new SettingsError(path, null, $"the file cannot be read: {e.Message}", "Name an existing file with --config, readable by this user.");
        }

        return Build(root, path, broken, prefix, environment);
    }

    /// <summary>The same for a text at hand.</summary>
    public static SettingsDocument FromText(string json, string source, string prefix, IReadOnlyDictionary<string, string> environment)
    {
        var root = Parse(json, source, out var broken);
        return Build(root, source, broken, prefix, environment);
    }

    internal void Add(SettingsError error) => errors.Add(error);

    static SettingsDocument Build(JsonObject root, string source, SettingsError? broken, string prefix, IReadOnlyDictionary<string, string> environment)
    {
        var document = new SettingsDocument(root, source);
        if (broken is not null)
            document.Add(broken);
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                EnvironmentOverlay.Apply(document, root, name, name[prefix.Length..], value);
        return document;
    }

    static JsonObject Parse(string json, string source, out SettingsError? broken)
    {
        broken = null;
        try
        {
            if (JsonNode.Parse(json, documentOptions: Lenient) is JsonObject root)
            {
                Touch(root);
                return root;
            }

            broken = new SettingsError(source, null, "the file is not a JSON object.", "Begin it with { and end it with }.");
        }
        catch (JsonException e)
        {
            broken = new SettingsError($"{source}:{e.LineNumber + 1}", null, "this line is not valid JSON.", $"Mend it near column {e.BytePositionInLine + 1}: a comma, quote or brace is missing or too many.");
        }
        catch (ArgumentException e)
        {
            broken = new SettingsError(source, null, $"a key stands twice in one section: {e.Message}", "Keep one of the two.");
        }

        return [];
    }

    // JsonObject finds a key that stands twice only when it is first read: read everything now, inside the catch.
    static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (_, child) in map)
                    Touch(child);
                break;
            case JsonArray list:
                foreach (var child in list)
                    Touch(child);
                break;
        }
    }
}
