using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors;

/// <summary>The key <c>quantity</c> of drivers that cannot know what they measure.</summary>
static class QuantityKey
{
    const string Name = "quantity";
    const int LengthMax = Identifiers.LengthMax - 6; // Room for "_total".

    public static DriverKey Of(string fallback) => new(Name, "text", fallback, $"What it measures: a name of a-z, 0-9 and underscores, at most {LengthMax} characters.");

    public static string Read(SettingsSection section, string fallback)
    {
        var quantity = section.Text(Name, fallback);
        if (Identifiers.IsQuantity(quantity) && quantity.Length <= LengthMax)
            return quantity;
        section.Error(Name, quantity, "this is no name of a quantity.", $"Write a name of a-z, 0-9 and underscores, at most {LengthMax} characters.");
        return fallback;
    }
}
