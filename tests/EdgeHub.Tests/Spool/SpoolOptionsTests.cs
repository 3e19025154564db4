using EdgeHub.Edge.Spool;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Tests.Spool;

public sealed class SpoolOptionsTests
{
    [Theory]
    [InlineData("{}", 8)]
    [InlineData("""{ "journal": { "align": 8 } }""", 8)]
    [InlineData("""{ "journal": { "align": 4096 } }""", 4096)]
    public void Commits_get_pages_of_their_own_where_the_configuration_says_so(string json, int align)
    {
        var document = Document(json);
        Assert.Equal(align, SpoolOptions.Read(document.Root).JournalAlign);
        Assert.Empty(document.Errors);
    }

    [Fact]
    public void Another_alignment_is_refused_with_what_to_write()
    {
        var document = Document("""{ "journal": { "align": 512 } }""");
        SpoolOptions.Read(document.Root);
        var error = Assert.Single(document.Errors);
        Assert.Equal(("journal.align", "Write 8 or 4096."), (error.Key, error.Fix));
    }

    static SettingsDocument Document(string json) => SettingsDocument.FromText(json, "test", "NONE__", new Dictionary<string, string>());
}
