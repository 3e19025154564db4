using System.Text.Json;

namespace EdgeHub.CloudBridge.Api.Catalogs;

/// <summary>One word of the controlled vocabulary; <c>quantities.json</c> is its only place.</summary>
/// <param name="Units">In UCUM; the first is preferred.</param>
/// <param name="Hj212">The factor's code in HJ 212, where there is one.</param>
/// <param name="HomeAssistant">The device class that Home Assistant has for it.</param>
public sealed record QuantityInfo(string Quantity, string Name, string NameZh, IReadOnlyList<string> Units, string? Hj212, string? HomeAssistant, string? StateClass)
{
    static readonly Dictionary<string, QuantityInfo> Known = Read();

    /// <summary>Null for a quantity that a box was told by its technician and that the vocabulary does not have.</summary>
    public static QuantityInfo? Of(string quantity) => Known.GetValueOrDefault(quantity);

    public static IReadOnlyCollection<QuantityInfo> All => Known.Values;

    static Dictionary<string, QuantityInfo> Read()
    {
        using var resource = typeof(QuantityInfo).Assembly.GetManifestResourceStream("catalog/quantities.json") ?? throw new InvalidOperationException("The vocabulary is not in this program.");
        return JsonSerializer.Deserialize(resource, ApiJson.Default.QuantityInfoArray)!.ToDictionary(quantity => quantity.Quantity, StringComparer.Ordinal);
    }
}
