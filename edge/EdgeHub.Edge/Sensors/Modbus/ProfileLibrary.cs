using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The profiles at hand: those built in, and those of the directory that the configuration names, which win.</summary>
public sealed class ProfileLibrary
{
    /// <summary>Files read from one directory.</summary>
    public const int FilesMax = 256;

    /// <summary>Bytes of one file.</summary>
    public const int FileBytesMax = 256 << 10;

    const string ResourcePrefix = "profiles/";

    readonly SortedDictionary<string, ModbusProfile> profiles = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> broken = new(StringComparer.Ordinal);

    /// <summary>The built-in profiles alone.</summary>
    public static ProfileLibrary BuiltIn()
    {
        var library = new ProfileLibrary();
        var assembly = typeof(ProfileLibrary).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            library.Add(bytes.ToArray(), name);
        }

        return library;
    }

    /// <summary>What is wrong with a file that was read, by the name it would have had.</summary>
    public IReadOnlyDictionary<string, string> Broken => broken;

    public IEnumerable<string> Names => profiles.Keys;

    public ModbusProfile? Find(string name) => profiles.GetValueOrDefault(name);

    /// <summary>Reads each <c>*.json</c> of a directory. A file that cannot be read is kept in <see cref="Broken"/>.</summary>
    internal void AddDirectory(string directory, SettingsSection section)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).Take(FilesMax))
                if (new FileInfo(file).Length > FileBytesMax)
                    broken[Path.GetFileNameWithoutExtension(file)] = $"{file}: the file is larger than {FileBytesMax} bytes.";
                else
                    Add(File.ReadAllBytes(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            section.Error("profilesDirectory", directory, $"the directory cannot be read: {e.Message}", "Name an existing directory, readable by this user.");
        }
    }

    /// <summary>Adds the profile of one file, over one of the same name; a broken one is kept in <see cref="Broken"/>.</summary>
    public void Add(byte[] json, string file)
    {
        if (ProfileReader.TryRead(json, file, out var error) is { } profile)
            profiles[profile.Name] = profile;
        else
            broken[Path.GetFileNameWithoutExtension(file)] = error;
    }
}
