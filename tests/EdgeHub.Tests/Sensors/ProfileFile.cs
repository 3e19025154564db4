using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

/// <summary>A profile read the way a user's own is: from a file of the directory that the configuration names.</summary>
static class ProfileFile
{
    public static ModbusProfile Read(string json)
    {
        var (library, errors) = Library(json);
        Assert.Empty(errors);
        return library.Find(library.Names.Except(ProfileLibrary.BuiltIn().Names).Single())!;
    }

    /// <summary>What is wrong with the file.</summary>
    public static string Error(string json) => Assert.Single(Library(json).Errors);

    static (ProfileLibrary Library, IReadOnlyList<string> Errors) Library(string json)
    {
        var library = ProfileLibrary.BuiltIn();
        library.Add(System.Text.Encoding.UTF8.GetBytes(json), "mine.json");
        return (library, [.. library.Broken.Values]);
    }
}
