using System.Globalization;

namespace EdgeHub.Hosting.Settings;

/// <summary>The errors of a configuration as a technician reads them: the key and what stands there, why it cannot be, and the fix.</summary>
public static class SettingsText
{
    public static void WriteErrors(TextWriter output, SettingsDocument document)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(document);
        var count = document.Errors.Count;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{document.Source}: {count} {(count == 1 ? "error" : "errors")}"));
        foreach (var error in document.Errors)
        {
            output.WriteLine(error.Value is null ? $"  {error.Key}" : $"  {error.Key} = {error.Value}");
            output.WriteLine($"    why: {error.Reason}");
            output.WriteLine($"    fix: {error.Fix}");
        }
    }
}
