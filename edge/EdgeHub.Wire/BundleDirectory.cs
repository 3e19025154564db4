using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace EdgeHub.Wire;

/// <summary>
/// A bundle on a medium that somebody carries: <c>bundle.json</c>, the manifest, and the envelopes beside it as <c>000001.envelope</c>, ….
/// The city adds <c>receipt.json</c>.
/// </summary>
public sealed partial class BundleDirectory(string path)
{
    public const string ManifestName = "bundle.json";
    public const string ReceiptName = "receipt.json";

    /// <summary>Envelopes of one bundle: at 512 KiB each some 50 GB.</summary>
    public const int FilesMax = 100_000;

    const string Suffix = ".envelope";
    const long ManifestBytesMax = 64 << 20;

    readonly List<BundleFile> files = [];

    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Whether a bundle may hold a file of this name; nothing that leads out of its directory.</summary>
    public static bool IsName(string? name) =>
        name is { Length: 15 } && name.EndsWith(Suffix, StringComparison.Ordinal) && name.AsSpan(0, 6).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Makes the directory, or takes an empty one.</summary>
    /// <exception cref="IOException">Something is in it already, or the medium refuses.</exception>
    public void Create()
    {
        Directory.CreateDirectory(path);
        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault() is { } found)
            throw new IOException($"{path} is not empty ({Path.GetFileName(found)}): name a new directory.");
    }

    /// <summary>Writes one envelope.</summary>
    /// <exception cref="IOException">The medium is full or refuses.</exception>
    public void Add(ReadOnlySpan<byte> payload)
    {
        if (files.Count == FilesMax)
            throw new IOException($"A bundle takes {FilesMax} envelopes: export a range, or less at a time.");
        var name = (files.Count + 1).ToString("000000", CultureInfo.InvariantCulture) + Suffix;
        Write(name, payload);
        files.Add(new BundleFile(name, payload.Length, Convert.ToHexStringLower(SHA256.HashData(payload))));
    }

    /// <summary>Writes the manifest: from now on it is a bundle.</summary>
    public BundleManifest Finish(string gateway, long createdMs, string writer)
    {
        var manifest = new BundleManifest(BundleManifest.Version, BundleManifest.KindName, gateway, createdMs, writer, files);
        Write(ManifestName, manifest.ToJson());
        return manifest;
    }

    /// <summary>Reads the manifest, and its SHA-256, by which a receipt names the bundle.</summary>
    /// <exception cref="BundleException">There is none, or it cannot be used.</exception>
    public (BundleManifest Manifest, string Sha256) Open()
    {
        var file = new FileInfo(PathOf(ManifestName));
        if (!file.Exists)
            throw Directory.Exists(path) && Directory.EnumerateFiles(path, "*" + Suffix).Any()
                ? new BundleException(BundleFault.Unfinished, $"{path} holds envelopes and no {ManifestName}: the export did not finish, make it again.")
                : new BundleException(BundleFault.Missing, $"{path} holds no {ManifestName}: name the directory that edgehub export wrote.");
        if (file.Length > ManifestBytesMax)
            throw new BundleException(BundleFault.Malformed, $"{file.FullName} is longer than any manifest.");
        var json = File.ReadAllBytes(file.FullName);
        var manifest = BundleManifest.Parse(json, file.FullName);
        var named = manifest.Files.Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var found in Directory.EnumerateFiles(path, "*" + Suffix).Select(found => Path.GetFileName(found)))
            if (!named.Contains(found))
                throw new BundleException(BundleFault.Tampered, $"{PathOf(found)} stands in the bundle and not in its manifest.");
        return (manifest, Convert.ToHexStringLower(SHA256.HashData(json)));
    }

    /// <summary>One envelope's bytes, which are those of the manifest.</summary>
    /// <exception cref="BundleException">They are not.</exception>
    public byte[] Read(BundleFile entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var file = new FileInfo(PathOf(entry.Name));
        if (!file.Exists)
            throw new BundleException(BundleFault.Truncated, $"{file.FullName} is missing: copy the bundle again.");
        if (file.Length < entry.Bytes)
            throw new BundleException(BundleFault.Truncated, $"{file.FullName} has {file.Length} of {entry.Bytes} bytes: copy the bundle again.");
        if (file.Length > entry.Bytes || entry.Bytes > WireLimits.PayloadBytesMax)
            throw new BundleException(BundleFault.Tampered, $"{file.FullName} is longer than it was written.");
        var bytes = File.ReadAllBytes(file.FullName);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == entry.Sha256
            ? bytes
            : throw new BundleException(BundleFault.Tampered, $"{file.FullName} has other bytes than were written: copy the bundle again; if that does not help, it was changed.");
    }

    void Write(string name, ReadOnlySpan<byte> bytes)
    {
        // A rename on the stick: a name stands for a whole file or is not there.
        var next = PathOf(name + ".new");
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush();
            if (FSync(file.SafeFileHandle) != 0)
                throw new IOException($"{next} does not reach the medium: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        File.Move(next, PathOf(name), overwrite: true);
    }

    // The runtime hides a failed fsync on Linux.
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
