using System.Text.Json.Nodes;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>What nobody said is not written.</summary>
static class JsonWords
{
    public static JsonObject WithoutNulls(this JsonObject words)
    {
        foreach (var absent in words.Where(member => member.Value is null).Select(member => member.Key).ToArray())
            words.Remove(absent);
        return words;
    }
}
