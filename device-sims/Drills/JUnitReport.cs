using System.Globalization;
using System.Xml;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>The drills as a test system reads them.</summary>
static class JUnitReport
{
    public static void Write(string file, IReadOnlyList<DrillResult> results)
    {
        using var xml = XmlWriter.Create(file, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "EdgeHub drills");
        Number(xml, "tests", results.Count);
        Number(xml, "failures", results.Count(result => result.Missing is null && !result.IsPassed));
        Number(xml, "skipped", results.Count(result => result.Missing is not null));
        xml.WriteAttributeString("time", results.Sum(result => result.Took.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture));
        foreach (var result in results)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", "drill");
            xml.WriteAttributeString("name", result.Drill.Name);
            xml.WriteAttributeString("time", result.Took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
            if (result.Missing is not null || !result.IsPassed)
            {
                xml.WriteStartElement(result.Missing is not null ? "skipped" : "failure");
                xml.WriteAttributeString("message", result.Reason);
                xml.WriteEndElement();
            }

            xml.WriteElementString("system-out", string.Join('\n', result.Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.At.TotalSeconds:0.0} s {step.Text}"))) + (result.Books is { } books ? "\n" + books.ToJson() : ""));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    static void Number(XmlWriter xml, string name, int value) => xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));
}
