using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeHub.Tests.EndToEnd;

/// <summary><c>docs/asyncapi.yaml</c> as a platform team's tools read it: which topics there are, and the schema of what each carries.</summary>
sealed class PublishedContract
{
    readonly JsonNode document;
    readonly List<(string Name, Regex Address, JsonNode Message)> channels = [];

    public PublishedContract()
    {
        var yaml = new YamlStream();
        using var text = new StreamReader(Path.Combine(Repository.Root, "docs", "asyncapi.yaml"));
        yaml.Load(text);
        document = Convert(yaml.Documents[0].RootNode)!;
        foreach (var (name, channel) in document["channels"]!.AsObject())
            channels.Add((name, Pattern((string)channel!["address"]!), Resolve(channel["messages"]!.AsObject().Single().Value!)));
    }

    public IEnumerable<string> Channels => channels.Select(channel => channel.Name);

    public IEnumerable<(string Channel, JsonNode Payload)> Examples =>
        from channel in channels
        from example in channel.Message["examples"]?.AsArray() ?? []
        select (channel.Name, example["payload"]!);

    /// <summary>Null for a topic that the contract does not know.</summary>
    public string? ChannelOf(string topic) => channels.Find(channel => channel.Address.IsMatch(topic)).Name;

    /// <summary>What of the payload does not fit; empty when all does. Fields that the schema does not name are faults too: the contract is whole.</summary>
    public string FaultOf(string name, JsonNode? payload)
    {
        var message = channels.Find(channel => channel.Name == name).Message;
        if (message["payload"]!["$ref"] is not { } reference)
            return "";
        var schema = new JsonObject { ["$ref"] = reference.DeepClone(), ["components"] = document["components"]!.DeepClone() };
        Close(schema["components"]!["schemas"]!);
        var text = schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        var root = JsonNode.Parse(text)!.AsObject();
        root["$defs"] = root["components"]!["schemas"]!.DeepClone();
        root.Remove("components");
        var result = JsonSchema.FromText(root.ToJsonString()).Evaluate(JsonSerializer.SerializeToElement(payload), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? "" : string.Join("; ", (result.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"));
    }

    static void Close(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list)
                Close(item);
        if (node is not JsonObject schema)
            return;
        if (schema.ContainsKey("properties") && !schema.ContainsKey("additionalProperties"))
            schema["additionalProperties"] = false;
        foreach (var (_, child) in schema)
            Close(child);
    }

    JsonNode Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
            node = ((string)reference!).Split('/').Skip(1).Aggregate(document, (at, step) => at[step]!);
        return node;
    }

    // A parameter is one level of the topic.
    static Regex Pattern(string address) => new($"^{Regex.Replace(address, "{[a-z]+}", "[^/]+")}$");

    static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" or "" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } flag => flag.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } plain when double.TryParse(plain.Value, CultureInfo.InvariantCulture, out _) => JsonNode.Parse(plain.Value!),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new JsonException($"{node.Start}: not known here"),
    };
}
